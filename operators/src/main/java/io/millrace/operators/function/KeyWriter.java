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
package io.millrace.operators.function;

/** Writes the parts of a key, at most 32 bytes in all. Texts take a byte more than they have. */
public interface KeyWriter
{
    /**
     * Appends a long.
     *
     * @param value 8 bytes
     * @return this
     */
    KeyWriter putLong(long value);

    /**
     * Appends an int.
     *
     * @param value 4 bytes
     * @return this
     */
    KeyWriter putInt(int value);

    /**
     * Appends a text.
     *
     * @param value in UTF-8, behind a byte with its length
     * @return this
     */
    KeyWriter putText(CharSequence value);
}
