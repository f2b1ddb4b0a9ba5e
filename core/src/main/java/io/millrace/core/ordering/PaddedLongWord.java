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
