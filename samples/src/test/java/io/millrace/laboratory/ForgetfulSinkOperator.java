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
package io.millrace.laboratory;

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/** Appends what comes. */
public final class ForgetfulSinkOperator implements Operator
{
    private final JournalContext context;
    private JournalWriter writer;

    /**
     * A sink.
     *
     * @param context of the journal
     */
    public ForgetfulSinkOperator(final JournalContext context)
    {
        this.context = context;
    }

    @Override
    public void open(final OperatorContext operator)
    {
        operator.showsOutput();
        writer = JournalWriter.open(context.account(operator.account()));
    }

    @Override
    public boolean process(final long slot)
    {
        final int length = SlotDescriptor.length(slot);
        long target = writer.claim(length);
        if (target == 0)
        {
            writer.flush();
            target = writer.claim(length);
        }
        SlotDescriptor.timestamp(target, SlotDescriptor.timestamp(slot));
        SlotDescriptor.cause(target, SlotDescriptor.cause(slot));
        SlotDescriptor.ingressTime(target, 0);
        Memory.copy(slot + SlotDescriptor.HEADER_LENGTH, target + SlotDescriptor.HEADER_LENGTH, length);
        writer.commit();
        return true;
    }

    @Override
    public void idle()
    {
        writer.flush();
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        writer.flush();
    }

    @Override
    public boolean finish(final long slot)
    {
        writer.flush();
        return true;
    }

    @Override
    public void close()
    {
        if (writer != null)
        {
            writer.close();
        }
    }
}
