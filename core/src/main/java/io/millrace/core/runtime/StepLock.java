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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** A lock that tells who holds it. */
final class StepLock extends ReentrantLock
{
    private static final long serialVersionUID = 1L;

    boolean tryLockUninterruptibly(final long timeoutNanos)
    {
        final long deadline = System.nanoTime() + timeoutNanos;
        boolean interrupted = false;
        try
        {
            while (true)
            {
                try
                {
                    return tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                }
                catch (final InterruptedException exception)
                {
                    interrupted = true;
                }
            }
        }
        finally
        {
            if (interrupted)
            {
                Thread.currentThread().interrupt();
            }
        }
    }

    String holder()
    {
        return String.valueOf(getOwner());
    }
}
