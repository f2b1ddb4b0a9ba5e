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
package io.millrace.core.chain;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Counts in a static, to be isolated. */
public final class IsolatedCount implements LongSupplier, Supplier<Object>
{
    private static long count;

    /** Counts on. */
    public IsolatedCount()
    {
    }

    @Override
    public long getAsLong()
    {
        return Count.add();
    }

    @Override
    public Object get()
    {
        return new Count();
    }

    /** Nested. */
    private static final class Count
    {
        private static long add()
        {
            return ++count;
        }
    }
}
