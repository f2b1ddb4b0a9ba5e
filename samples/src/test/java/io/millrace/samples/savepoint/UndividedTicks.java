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
package io.millrace.samples.savepoint;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.operator.StreamSource;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/** A source whose instances each read something of their own that cannot be shared out. */
public final class UndividedTicks implements Source
{
    private static final long RECORDS = 1_000;

    private final TickFlyweight out = TickFlyweight.TYPE.newFlyweight();
    private long next;

    @Override
    public void open(final OperatorContext context)
    {
        next = 0;
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        if (finished())
        {
            return 0;
        }
        out.wrap(output.claim() + SlotDescriptor.HEADER_LENGTH, TickFlyweight.TYPE.blockLength());
        out.time(next).key(next % 7).value(next);
        next++;
        output.commit();
        return 1;
    }

    @Override
    public boolean finished()
    {
        return next == RECORDS;
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

    /** Declares the source. */
    static final class Stream implements StreamSource<Tick>
    {
        @Override
        public RecordType<Tick, ?> type()
        {
            return TickFlyweight.TYPE;
        }

        @Override
        public OperatorFactory<Source> factory()
        {
            return OperatorFactory.of(UndividedTicks.class);
        }
    }
}
