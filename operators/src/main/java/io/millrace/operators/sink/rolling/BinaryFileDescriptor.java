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
package io.millrace.operators.sink.rolling;

/**
 * Layout of a binary file. Lengths and checksums have their most significant byte first; a record is as it lies in memory,
 * see {@link io.millrace.memory.record.FieldDescriptor}: its numbers have their least significant byte first.
 * <pre>
 *   file:    | magic, 8 bytes "MILLRACE" | int: version | int: length of the schema | schema, UTF-8 | int: CRC32C of all this |
 *            | record | record | ...
 *   record:  | int: length | int: CRC32C of the length and the bytes | bytes |
 * </pre>
 */
final class BinaryFileDescriptor
{
    static final long MAGIC = 0x4D494C4C52414345L;
    static final int VERSION = 1;
    static final int VERSION_OFFSET = 8;
    static final int SCHEMA_LENGTH_OFFSET = 12;
    static final int SCHEMA_OFFSET = 16;
    static final int MAX_SCHEMA_LENGTH = 1 << 20;
    static final int RECORD_LENGTH_OFFSET = 0;
    static final int RECORD_CHECKSUM_OFFSET = 4;
    static final int RECORD_OFFSET = 8;

    private BinaryFileDescriptor()
    {
    }
}
