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

/**
 * A read-only view of a run of bytes. Valid as long as the record view that it came from.
 */
public interface ByteView
{
    /**
     * @return number of bytes
     */
    int length();

    /**
     * @param index from 0 to {@code length() - 1}
     * @return the byte there
     */
    byte byteAt(int index);

    /**
     * Copies all bytes out.
     *
     * @param destination array to write to
     * @param offset      of the first byte in the array
     */
    void copyTo(byte[] destination, int offset);
}
