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

import java.util.List;

/** Emits the readings whose times a test has put into a list so far; ends behind {@link #END}. */
public final class FedSource implements Source
{
    /** Put last. */
    public static final long END = Long.MAX_VALUE;

    private final ReadingFlyweight reading = new ReadingFlyweight();
    private final List<Long> times;
    private int next;

    /**
     * A source.
     *
     * @param times of the readings, added to while it runs
     */
    public FedSource(final List<Long> times)
    {
        this.times = times;
    }

    @Override
    public void open(final OperatorContext context)
    {
        next = 0;
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        int emitted = 0;
        boolean goOn = true;
        while (goOn && emitted < limit && next < times.size() && times.get(next) != END)
        {
            reading.wrapUnchecked(output.claim() + SlotDescriptor.HEADER_LENGTH);
            reading.time(times.get(next)).key(0).value(next);
            next++;
            emitted++;
            goOn = output.commit();
        }
        return emitted;
    }

    @Override
    public boolean finished()
    {
        return next < times.size() && times.get(next) == END;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(next);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        next = (int)reader.getLong();
    }
}
