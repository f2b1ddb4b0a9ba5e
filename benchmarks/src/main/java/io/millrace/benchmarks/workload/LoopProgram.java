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
package io.millrace.benchmarks.workload;

import io.millrace.memory.Memory;

/**
 * What hand-written loops have in common: the run over the events of the input, in pieces. The piece itself, generated
 * or read from memory, is a loop of the workload's own.
 */
abstract class LoopProgram implements Program
{
    private final Input input;
    private long next;
    private long checksum;

    LoopProgram(final Input input)
    {
        this.input = input;
    }

    /**
     * Makes and works on events.
     *
     * @param from number of the first
     * @param to   number behind the last
     * @return sum of the results' mixes
     */
    abstract long generated(long from, long to);

    /**
     * Works on events in memory.
     *
     * @param from  address of the first
     * @param to    address behind the last
     * @param shift to add to their times
     * @return sum of the results' mixes
     */
    abstract long preloaded(long from, long to, long shift);

    /** Ends what is open. Gives the sum of the results' mixes. */
    abstract long end();

    @Override
    public final long advanceTo(final long number)
    {
        final PreloadedEvents preloaded = input.preloaded();
        final long end = Math.min(number, input.count());
        if (preloaded == null)
        {
            checksum += generated(next, end);
            next = end;
        }
        while (next < end)
        {
            final long runEnd = preloaded.runEnd(next, end);
            final long address = preloaded.address(next);
            checksum += preloaded(address, address + (runEnd - next) * PreloadedEvents.LENGTH, preloaded.shift(next));
            next = runEnd;
        }
        return next;
    }

    @Override
    public final long finish()
    {
        advanceTo(input.count());
        checksum += end();
        return checksum;
    }

    @Override
    public void close()
    {
    }

    static long time(final long event)
    {
        return Memory.getLong(event + PreloadedEvents.TIME_OFFSET);
    }

    static long key(final long event)
    {
        return Memory.getLong(event + PreloadedEvents.KEY_OFFSET);
    }

    static long value(final long event)
    {
        return Memory.getLong(event + PreloadedEvents.VALUE_OFFSET);
    }
}
