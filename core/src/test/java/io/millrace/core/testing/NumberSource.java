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

/** Emits readings 0, 1, 2, ... with their number as time and value, and the number modulo 7 as key. */
public final class NumberSource implements Source
{
    private final ReadingFlyweight reading = new ReadingFlyweight();
    private final long count;
    private long next;

    /**
     * A source.
     *
     * @param count of the readings
     */
    public NumberSource(final Long count)
    {
        this.count = count;
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
        output.nextCause(next);
        while (goOn && emitted < limit && next < count)
        {
            reading.wrapUnchecked(output.claim() + SlotDescriptor.HEADER_LENGTH);
            reading.time(next).key(next % 7).value(next);
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
