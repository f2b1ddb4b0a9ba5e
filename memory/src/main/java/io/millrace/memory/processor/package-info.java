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
 * The annotation processor that turns {@code @OffHeapRecord interface Trade} into Java source.
 *
 * <pre>
 *   interface Trade --> {@link io.millrace.memory.processor.RecordProcessor}
 *                          |  which interfaces, when; a file for each result
 *                          v
 *                       SchemaReader --- FieldReader ---> errors, at the field that they are about
 *                          |               one method: its kind and bound
 *                          v
 *                       RecordModel, FieldModel      names, offsets (by FieldDescriptor)
 *                          |              |
 *                          v              v
 *                   FlyweightWriter   ValueWriter    through SourceWriter: indentation and imports
 *                          |              |
 *                          v              v
 *                   TradeFlyweight    TradeValue
 * </pre>
 *
 * Each generated class depends on one interface, and on what that names. The processor runs within javac and touches no
 * off-heap memory.
 */
package io.millrace.memory.processor;
