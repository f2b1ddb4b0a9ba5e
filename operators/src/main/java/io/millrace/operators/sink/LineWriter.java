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
package io.millrace.operators.sink;

/**
 * Takes the text of one line, in UTF-8; allocates nothing. The sink owns it and ends the line. Valid during the call of
 * the function that it is handed to, on that thread.
 */
public interface LineWriter
{
    /**
     * Appends text. Half of a surrogate pair becomes a question mark.
     *
     * @param text to append, not null; a line break in it makes two lines of one
     * @return this
     */
    LineWriter append(CharSequence text);

    /**
     * Appends one character.
     *
     * @param character no half of a surrogate pair
     * @return this
     */
    LineWriter append(char character);

    /**
     * Appends a whole number.
     *
     * @param number as {@link Long#toString(long)} has it
     * @return this
     */
    LineWriter append(long number);

    /**
     * Appends a floating-point number.
     *
     * @param number as {@link Double#toString(double)} has it, so that it reads back as the same
     * @return this
     */
    LineWriter append(double number);

    /**
     * Appends a decimal, with all its digits behind the point.
     *
     * @param unscaled the scaled long that the record holds
     * @param scale    digits behind the point, 0 to 18
     * @return this
     */
    LineWriter appendDecimal(long unscaled, int scale);

    /**
     * Appends text as a field of a CSV file (RFC 4180): between quotes, and quotes doubled, where it has a comma, a
     * quote or a line break.
     *
     * @param text to append, not null
     * @return this
     */
    LineWriter appendCsv(CharSequence text);
}
