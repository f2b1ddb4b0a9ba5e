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
package io.millrace.operators.source;

/**
 * The fields of one line, valid during the call that it is handed to. Reading allocates nothing but where said. Whatever cannot
 * be read makes the line malformed: the call ends there, and what happens next is as the source says.
 */
public interface CsvLine
{
    /**
     * Which line it is.
     *
     * @return from 1, skipped lines included
     */
    long lineNumber();

    /**
     * How many fields the line has.
     *
     * @return 1 or more
     */
    int fields();

    /**
     * Whether a field has no text.
     *
     * @param field from 0
     * @return true when it is empty
     */
    boolean isEmpty(int field);

    /**
     * A whole number, with spaces around it allowed.
     *
     * @param field from 0
     * @return the number
     */
    long getLong(int field);

    /**
     * A whole number of 32 bits, with spaces around it allowed.
     *
     * @param field from 0
     * @return the number
     */
    int getInt(int field);

    /**
     * A decimal number, exactly: digits behind the scale must be zeros. With spaces around it allowed, without exponent.
     *
     * @param field from 0
     * @param scale number of decimal places, from 0 to 18
     * @return the number times ten to the power of the scale
     */
    long getDecimal(int field, int scale);

    /**
     * A number in floating point, with spaces around it allowed. Numbers of more than 15 digits, or beyond 1e±22, allocate.
     *
     * @param field from 0
     * @return the nearest double
     */
    double getDouble(int field);

    /**
     * The text of a field, without the quotes around it. Text beyond ASCII allocates.
     *
     * @param field from 0
     * @return a view that is valid until the next call of this method; it is empty, never null
     */
    CharSequence getText(int field);

    /**
     * Says that the line is malformed for a reason of the application's.
     *
     * @param field  from 0, or -1 for the whole line
     * @param reason for people
     * @return never; declared so that {@code throw line.malformed(...)} ends a branch
     */
    RuntimeException malformed(int field, String reason);
}
