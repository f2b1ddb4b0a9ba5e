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
package io.millrace.operators.state;

/**
 * A whole number a key. For use in callbacks of the function that declared it.
 */
public interface LongState
{
    /**
     * The number.
     *
     * @return the default, 0 unless declared otherwise, when there is none
     */
    long get();

    /**
     * Sets the number.
     *
     * @param value to keep
     */
    void set(long value);

    /**
     * Adds to the number, or to the default when there is none.
     *
     * @param amount to add
     * @return what it is now
     * @throws ArithmeticException when it overflows
     */
    long add(long amount);

    /**
     * Whether there is none.
     *
     * @return true when {@link #get()} gives the default for want of one
     */
    boolean isEmpty();

    /** Removes the number. */
    void clear();
}
