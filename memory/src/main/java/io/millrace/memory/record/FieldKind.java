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
package io.millrace.memory.record;

/** How the bytes of a field are read. */
public enum FieldKind
{
    BOOLEAN, BYTE, SHORT, CHAR, INT, LONG, FLOAT, DOUBLE,
    /** A long scaled by a power of ten. */
    DECIMAL,
    /** The ordinal of an enum. */
    ENUM,
    /** Text of at most n characters, one byte each, behind its length. */
    ASCII,
    /** Text of at most n bytes, behind its length. */
    UTF8,
    /** A fixed number of bytes. */
    BYTES,
    /** Another record, inline. */
    RECORD,
    /** At most n bytes behind the fixed fields, found by their offset and length. */
    VAR_BYTES
}
