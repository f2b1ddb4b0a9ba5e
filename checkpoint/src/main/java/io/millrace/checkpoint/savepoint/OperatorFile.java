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
package io.millrace.checkpoint.savepoint;

import java.util.List;

/**
 * What a manifest says of one operator's file.
 *
 * @param length        of the file in bytes
 * @param indexOffset   where its index begins
 * @param indexChecksum CRC32C of the index
 * @param entries       by state: number of entries
 */
record OperatorFile(long length, long indexOffset, int indexChecksum, List<Long> entries)
{
    OperatorFile
    {
        entries = List.copyOf(entries);
    }
}
