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

/** Frames in the order of their numbers, with a word and a count each. Bounded; allocates nothing. One thread. */
public final class FrameQueue
{
    private final long[] numbers;
    private final long[] words;
    private final int[] counts;
    private int head;
    private int size;

    FrameQueue(final int capacity)
    {
        numbers = new long[capacity];
        words = new long[capacity];
        counts = new int[capacity];
    }

    /**
     * Whether there is none.
     *
     * @return true when there is none
     */
    public boolean isEmpty()
    {
        return size == 0;
    }

    /**
     * Whether there is no room for another.
     *
     * @return true when it is full
     */
    public boolean isFull()
    {
        return size == numbers.length;
    }

    /**
     * Adds a frame. When it is full the frame takes the place of the last one, which then stands for both.
     *
     * @param number of the frame
     * @param word   that goes with it
     * @param count  that goes with it
     */
    public void add(final long number, final long word, final int count)
    {
        if (!isFull())
        {
            size++;
        }
        final int last = (head + size - 1) % numbers.length;
        numbers[last] = number;
        words[last] = word;
        counts[last] = count;
    }

    /**
     * Number of the first frame.
     *
     * @return the number
     */
    public long number()
    {
        return numbers[head];
    }

    /**
     * What goes with the first frame.
     *
     * @return the word
     */
    public long word()
    {
        return words[head];
    }

    /**
     * What goes with the first frame.
     *
     * @return the count
     */
    public int count()
    {
        return counts[head];
    }

    /**
     * Changes what goes with the first frame.
     *
     * @param word  to go with it
     * @param count to go with it
     */
    public void update(final long word, final int count)
    {
        words[head] = word;
        counts[head] = count;
    }

    /** Removes the first frame. */
    public void remove()
    {
        head = (head + 1) % numbers.length;
        size--;
    }
}
