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

/** Passes every record on, after it was shown to a function of the test. */
public final class HookOperator implements Operator
{
    private final Hook hook;
    private final ReadingFlyweight view = new ReadingFlyweight();
    private Output output;
    private long current;

    /**
     * An operator.
     *
     * @param hook that sees every record
     */
    public HookOperator(final Hook hook)
    {
        this.hook = hook;
    }

    @Override
    public void open(final OperatorContext context)
    {
        output = context.output();
    }

    @Override
    public boolean process(final long slot)
    {
        current = slot;
        view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        hook.accept(view);
        return output == null || output.forward(slot);
    }

    @Override
    public long currentSlot()
    {
        return current;
    }

    @Override
    public String currentRecord()
    {
        return view.toString();
    }
}
