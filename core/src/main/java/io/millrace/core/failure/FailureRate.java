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
package io.millrace.core.failure;

import java.util.ArrayDeque;
import java.util.Deque;

/** Restarts while there are not too many failures within an interval. */
final class FailureRate implements RestartDelays
{
    private final int maxFailures;
    private final long interval;
    private final long delay;
    private final Deque<Long> failures = new ArrayDeque<>();

    FailureRate(final int maxFailures, final long interval, final long delay)
    {
        this.maxFailures = maxFailures;
        this.interval = interval;
        this.delay = delay;
    }

    @Override
    public long afterFailure(final long now)
    {
        failures.add(now);
        while (now - failures.getFirst() > interval)
        {
            failures.removeFirst();
        }
        return failures.size() > maxFailures ? NO_RESTART : delay;
    }
}
