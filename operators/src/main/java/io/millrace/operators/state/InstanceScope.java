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
package io.millrace.operators.state;

/** When the states of an operator instance may be used, and written. The task's thread. */
final class InstanceScope
{
    private final String operator;
    private boolean restored;
    private boolean broadcasting;

    InstanceScope(final String operator)
    {
        this.operator = operator;
    }

    /** Ends the time before the states hold what they held when the snapshot was made. */
    void start()
    {
        restored = true;
    }

    void broadcasting(final boolean yes)
    {
        broadcasting = yes;
    }

    void check(final String state)
    {
        if (!restored)
        {
            throw new IllegalStateException("state=" + state + " of operator=" + operator +
                " is used in open(), before it is restored: declare it there, and use it in start() or later");
        }
    }

    void checkWritable(final String state)
    {
        if (!broadcasting)
        {
            throw new IllegalStateException("broadcast state=" + state + " of operator=" + operator +
                " is written outside of processBroadcastElement(): only there do all instances see the same records, so that " +
                "their copies stay the same; write it there, or keep what differs in keyed() states or a listState");
        }
    }
}
