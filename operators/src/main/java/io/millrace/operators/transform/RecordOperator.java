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
package io.millrace.operators.transform;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Output;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

/**
 * What operators over views have in common: the view of the input, which in debug mode is a new one for each record and
 * fails any access after the callback.
 *
 * @param <V> read-only view of the input
 */
public abstract class RecordOperator<V> implements Operator
{
    private final RecordType<V, ?> inputType;
    private Flyweight view;
    private Output output;
    private String name;

    /**
     * An operator.
     *
     * @param inputType of the records
     */
    protected RecordOperator(final RecordType<V, ?> inputType)
    {
        this.inputType = inputType;
        this.view = inputType.newFlyweight();
    }

    @Override
    public void open(final OperatorContext context)
    {
        name = context.name();
        output = context.output();
    }

    /**
     * The way out.
     *
     * @return the main output
     */
    protected final Output output()
    {
        return output;
    }

    /**
     * Name for messages.
     *
     * @return the operator's name
     */
    protected final String name()
    {
        return name;
    }

    /**
     * Moves the view to a record.
     *
     * @param slot address of the record's slot
     * @return the view
     */
    @SuppressWarnings("unchecked")
    protected final V view(final long slot)
    {
        if (DebugMode.ENABLED)
        {
            view = inputType.newFlyweight();
        }
        view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        return (V)view;
    }

    /**
     * The flyweight of the view, for a loop that moves it by itself: not in debug mode, where each record has its own.
     *
     * @return the flyweight
     */
    protected final Flyweight flyweight()
    {
        return view;
    }

    /**
     * The view, to be used with {@link #flyweight()}.
     *
     * @return the view
     */
    @SuppressWarnings("unchecked")
    protected final V view()
    {
        return (V)view;
    }

    /** Ends the callback that the view was handed to; called behind {@link DebugMode#ENABLED}. */
    protected final void releaseView()
    {
        view.release(name);
    }

    @Override
    public long currentSlot()
    {
        return view.address() == 0 ? 0 : view.address() - SlotDescriptor.HEADER_LENGTH;
    }

    @Override
    public String currentRecord()
    {
        final long slot = currentSlot();
        if (slot == 0)
        {
            return null;
        }
        // A view of its own: in debug mode the other one may have been released.
        final Flyweight shown = inputType.newFlyweight();
        shown.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        return shown.toString();
    }
}
