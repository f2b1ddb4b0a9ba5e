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
package io.millrace.core.testing;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.SlotDescriptor;

import java.util.Random;

/** Emits readings that depend on a seed and their number alone, so many at a time as chance will have it. */
public final class UnevenSource implements Source
{
    private final ReadingFlyweight reading = new ReadingFlyweight();
    private final long seed;
    private final long count;
    private final Random schedule;
    private long next;

    /**
     * A source.
     *
     * @param seed     of the readings
     * @param count    of the readings
     * @param schedule of the polls, not replayed
     */
    public UnevenSource(final Long seed, final Long count, final Random schedule)
    {
        this.seed = seed;
        this.count = count;
        this.schedule = schedule;
    }

    @Override
    public void open(final OperatorContext context)
    {
        next = 0;
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        final int most = Math.min(limit, schedule.nextInt(3) == 0 ? 1 : schedule.nextInt(40));
        int emitted = 0;
        boolean goOn = true;
        while (goOn && emitted < most && next < count)
        {
            final long mixed = (next + seed * 1_000_003) * 0x9E3779B97F4A7C15L;
            reading.wrapUnchecked(output.claim() + SlotDescriptor.HEADER_LENGTH);
            reading.time(next >> 4).key((mixed >>> 40) % 13).value(mixed >>> 50);
            next++;
            emitted++;
            goOn = output.commit();
        }
        return emitted;
    }

    @Override
    public boolean finished()
    {
        return next >= count;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(next);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        next = reader.getLong();
    }
}
