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
package io.millrace.core.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one thread counts and any thread reads. Counting is a plain addition and an opaque store: no
 * lock and no fence, and a reader sees every count some time.
 */
public final class Counter
{
    private static final VarHandle VALUE;

    static
    {
        try
        {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        }
        catch (final ReflectiveOperationException exception)
        {
            throw new ExceptionInInitializerError(exception);
        }
    }

    private final String operator;
    private final String name;
    private long value;

    /**
     * A counter at 0.
     *
     * @param operator that counts
     * @param name     of what is counted
     */
    public Counter(final String operator, final String name)
    {
        this.operator = operator;
        this.name = name;
    }

    /** Adds one; only the owning thread may. */
    public void increment()
    {
        add(1);
    }

    /**
     * Adds; only the owning thread may.
     *
     * @param amount to add
     */
    public void add(final long amount)
    {
        VALUE.setOpaque(this, value + amount);
    }

    /**
     * Reads, from any thread.
     *
     * @return the number
     */
    public long get()
    {
        return (long)VALUE.getOpaque(this);
    }

    /**
     * Who counts.
     *
     * @return name of the operator
     */
    public String operator()
    {
        return operator;
    }

    /**
     * What is counted.
     *
     * @return name of the counter
     */
    public String name()
    {
        return name;
    }

    @Override
    public String toString()
    {
        return operator + '.' + name + '=' + get();
    }
}
