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
 * A reusable view of a text field. Each flyweight holds one for each of its text fields, and its getter moves it to the
 * record; it is valid as long as the record view is, and until the field is written. It compares by identity: use
 * {@link #contentEquals}, or keep {@link #toString()}. Not thread-safe.
 */
public abstract class TextView extends FieldView implements CharSequence
{
    TextView(final Flyweight owner, final String field)
    {
        super(owner, field);
    }

    /**
     * @param other text
     * @return true when both have the same characters
     */
    public final boolean contentEquals(final CharSequence other)
    {
        if (other instanceof TextView view)
        {
            final int length = byteLength();
            return length == view.byteLength() && FieldCodec.equal(bytesAddress(), view.bytesAddress(), length);
        }
        return CharSequence.compare(this, other) == 0;
    }

    /**
     * Allocates: the result is a copy.
     *
     * @param start of the first character
     * @param end   behind the last character
     * @return a string
     */
    @Override
    public final CharSequence subSequence(final int start, final int end)
    {
        return toString().subSequence(start, end);
    }

    /**
     * Allocates: the result is a copy.
     *
     * @return a string
     */
    @Override
    public abstract String toString();
}
