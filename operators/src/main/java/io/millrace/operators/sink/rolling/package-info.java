/*
 * Copyright 2026 The Millrace authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 * https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
/**
 * Files that roll, shown when a checkpoint that counts on them is complete.
 *
 * <pre>
 *   RollingFileSink    what the user declares: RollingFileSettings
 *        |
 *   RollingFileTarget --RecordEncoder--&gt; RecordBuffer --64 KiB--&gt; OutputDirectory.OutputFile   FileNames: x.part, then x
 *        |                 CsvEncoder, JsonEncoder (FieldText), BinaryEncoder, LineEncoder
 *        +-- FileTransaction   where the files stood at a barrier, and which were closed since
 *        +-- RescaledFiles     ends the files of a life with another number of instances
 *
 *   OutputDirectory    the few things asked of a disk; LocalDirectory is one
 *   BinaryFiles        reads binary files
 * </pre>
 *
 * Start with {@link io.millrace.operators.sink.rolling.RollingFileSink}.
 */
package io.millrace.operators.sink.rolling;
