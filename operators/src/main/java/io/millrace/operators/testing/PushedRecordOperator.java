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
package io.millrace.operators.testing;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

/** Takes records out of what carried them through the source, and gives them the event time that the test said. */
public final class PushedRecordOperator implements Operator
{
    private Output output;

    /** An operator. */
    public PushedRecordOperator()
    {
    }

    @Override
    public void open(final OperatorContext context)
    {
        output = context.output();
    }

    @Override
    public boolean process(final long slot)
    {
        final long pushed = slot + SlotDescriptor.HEADER_LENGTH;
        if (Memory.getLong(pushed + PushedDescriptor.WATERMARK_OFFSET) == 1)
        {
            return true;
        }
        final int length = SlotDescriptor.length(slot) - PushedDescriptor.RECORD_OFFSET;
        final long claimed = output.claim();
        SlotDescriptor.inherit(slot, claimed);
        SlotDescriptor.timestamp(claimed, Memory.getLong(pushed + PushedDescriptor.TIMESTAMP_OFFSET));
        SlotDescriptor.kindAndLength(claimed, SlotDescriptor.KIND_DATA, length);
        Memory.copy(pushed + PushedDescriptor.RECORD_OFFSET, claimed + SlotDescriptor.HEADER_LENGTH, length);
        return output.commit();
    }
}
