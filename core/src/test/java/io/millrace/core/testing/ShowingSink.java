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
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.record.SlotDescriptor;

/** Shows every record at once. */
public final class ShowingSink implements Operator
{
    private final Shown shown;
    private final boolean waits;
    private final ReadingFlyweight view = new ReadingFlyweight();
    private int count;

    /**
     * A sink.
     *
     * @param shown takes the records
     * @param waits until the order will survive, as it should
     */
    public ShowingSink(final Shown shown, final Boolean waits)
    {
        this.shown = shown;
        this.waits = waits;
    }

    @Override
    public void open(final OperatorContext context)
    {
        if (waits)
        {
            context.showsOutput();
        }
        shown.begin(0);
    }

    @Override
    public boolean process(final long slot)
    {
        view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        count = shown.show(Long.toHexString(SlotDescriptor.cause(slot)) + " " + view.time() + " " + view.key() + " " + view.value());
        return true;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putInt(count);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        count = reader.getInt();
        shown.begin(count);
    }
}
