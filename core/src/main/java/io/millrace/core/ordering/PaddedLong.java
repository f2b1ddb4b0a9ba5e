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
package io.millrace.core.ordering;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** The word, with cache lines of its own behind it and, by the superclass, before it. */
final class PaddedLong extends PaddedLongWord
{
    long p15, p16, p17, p18, p19, p20, p21, p22, p23, p24, p25, p26, p27, p28, p29;

    PaddedLong(final long value)
    {
        super(value);
    }
}

/** What lies before the word. */
abstract class PaddedLongLeft
{
    long p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14;
}

/** A long that one or several threads write and others read. */
abstract class PaddedLongWord extends PaddedLongLeft
{
    private static final VarHandle VALUE;

    static
    {
        try
        {
            VALUE = MethodHandles.lookup().findVarHandle(PaddedLongWord.class, "value", long.class);
        }
        catch (final ReflectiveOperationException exception)
        {
            throw new ExceptionInInitializerError(exception);
        }
    }

    @SuppressWarnings("UnusedVariable")
    private long value;

    PaddedLongWord(final long value)
    {
        VALUE.setVolatile(this, value);
    }

    final long getAcquire()
    {
        return (long)VALUE.getAcquire(this);
    }

    final void setRelease(final long value)
    {
        VALUE.setRelease(this, value);
    }

    final void setVolatile(final long value)
    {
        VALUE.setVolatile(this, value);
    }

    final long getAndAdd(final long delta)
    {
        return (long)VALUE.getAndAdd(this, delta);
    }
}
