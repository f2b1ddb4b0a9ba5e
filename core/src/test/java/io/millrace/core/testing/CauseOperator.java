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

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.SlotDescriptor;

/**
 * Passes readings on, and at each watermark one of its own, as windows would. Fails when the causes of what it is given
 * decrease; runs something of the test's within each call.
 */
public final class CauseOperator implements Operator
{
    private final ReadingFlyweight reading = new ReadingFlyweight();
    private final Runnable hook;
    private final boolean fires;
    private Output output;
    private long lastCause = Long.MIN_VALUE;
    private long sum;

    /**
     * An operator.
     *
     * @param hook  run where other threads may act
     * @param fires whether it emits at watermarks
     */
    public CauseOperator(final Runnable hook, final Boolean fires)
    {
        this.hook = hook;
        this.fires = fires;
    }

    @Override
    public void open(final OperatorContext context)
    {
        output = context.output();
    }

    @Override
    public boolean process(final long slot)
    {
        follow("record", slot);
        reading.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        sum = sum * 31 + reading.value();
        return output.forward(slot);
    }

    @Override
    public boolean watermark(final long slot)
    {
        follow("watermark", slot);
        if (fires)
        {
            final long claimed = output.claim();
            SlotDescriptor.inherit(slot, claimed);
            reading.wrapUnchecked(claimed + SlotDescriptor.HEADER_LENGTH);
            reading.time(SlotDescriptor.timestamp(slot)).key((sum >>> 8) % 5).value(sum >>> 50);
            output.commit();
        }
        return true;
    }

    @Override
    public boolean finish(final long slot)
    {
        follow("end", slot);
        return true;
    }

    private void follow(final String what, final long slot)
    {
        hook.run();
        final long cause = SlotDescriptor.cause(slot);
        if (cause < lastCause)
        {
            throw new IllegalStateException(what + " with cause=" + Long.toHexString(cause) + " came after cause=" +
                Long.toHexString(lastCause));
        }
        lastCause = cause;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(sum);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        sum = reader.getLong();
    }
}
