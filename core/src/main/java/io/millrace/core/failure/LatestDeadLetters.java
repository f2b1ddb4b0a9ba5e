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
package io.millrace.core.failure;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest dead letters of a job, to be looked at. Any thread. */
public final class LatestDeadLetters
{
    /** The most that are kept. */
    public static final int CAPACITY = 64;

    private final Deque<DeadLetterValue> letters = new ArrayDeque<>();

    /** None yet. */
    public LatestDeadLetters()
    {
    }

    /**
     * Adds one; the oldest goes when there are too many.
     *
     * @param letter to add
     */
    public synchronized void add(final DeadLetterValue letter)
    {
        if (letters.size() == CAPACITY)
        {
            letters.removeFirst();
        }
        letters.add(letter);
    }

    /**
     * The latest ones.
     *
     * @return a copy, the last one last
     */
    public synchronized List<DeadLetterValue> list()
    {
        return List.copyOf(letters);
    }
}
