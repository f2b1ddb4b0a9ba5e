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

/** So many restarts, each after the same delay. */
final class FixedDelay implements RestartDelays
{
    private final long delay;
    private int attemptsLeft;

    FixedDelay(final int attempts, final long delay)
    {
        this.attemptsLeft = attempts;
        this.delay = delay;
    }

    @Override
    public long afterFailure(final long now)
    {
        if (attemptsLeft == 0)
        {
            return NO_RESTART;
        }
        attemptsLeft -= attemptsLeft == Integer.MAX_VALUE ? 0 : 1;
        return delay;
    }
}
