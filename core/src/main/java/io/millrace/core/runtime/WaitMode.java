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
package io.millrace.core.runtime;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** What a thread does when its tasks have nothing to do. */
public enum WaitMode
{
    /** Spins a little, yields, then parks for up to 100 us. */
    BACKOFF
    {
        @Override
        IdleStrategy newIdleStrategy()
        {
            return new BackoffIdleStrategy(100, 20, 1_000, 100_000);
        }
    },
    /** Yields to other threads. */
    YIELD
    {
        @Override
        IdleStrategy newIdleStrategy()
        {
            return YieldingIdleStrategy.INSTANCE;
        }
    },
    /** Spins: the lowest latency, and a core of its own for each thread. */
    BUSY_SPIN
    {
        @Override
        IdleStrategy newIdleStrategy()
        {
            return BusySpinIdleStrategy.INSTANCE;
        }
    };

    abstract IdleStrategy newIdleStrategy();
}
