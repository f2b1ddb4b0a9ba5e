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
import io.millrace.memory.record.SlotDescriptor;

import java.util.Random;

/** Gives every reading another key, some of them two; pauses now and then. */
public final class SpreadOperator implements Operator
{
    private final ReadingFlyweight in = new ReadingFlyweight();
    private final ReadingFlyweight out = new ReadingFlyweight();
    private final Hook hook;
    private final Random pauses;
    private Output output;

    /**
     * An operator.
     *
     * @param hook   that sees every reading
     * @param pauses of the operator, not replayed
     */
    public SpreadOperator(final Hook hook, final Random pauses)
    {
        this.hook = hook;
        this.pauses = pauses;
    }

    @Override
    public void open(final OperatorContext context)
    {
        output = context.output();
    }

    @Override
    public boolean process(final long slot)
    {
        in.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        hook.accept(in);
        if (pauses.nextInt(50) == 0)
        {
            for (int i = pauses.nextInt(2_000); i > 0; i--)
            {
                Thread.onSpinWait();
            }
        }
        boolean goOn = emit(slot, in.value() % 11);
        if (in.value() % 5 == 0)
        {
            goOn &= emit(slot, in.value() % 7);
        }
        return goOn;
    }

    private boolean emit(final long slot, final long key)
    {
        final long claimed = output.claim();
        SlotDescriptor.inherit(slot, claimed);
        out.wrapUnchecked(claimed + SlotDescriptor.HEADER_LENGTH);
        out.time(in.time()).key(key).value(in.value() * 31 + key);
        return output.commit();
    }
}
