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

import io.millrace.memory.FatalFailure;

/** Tells which failures an error policy may take. One a task. */
public final class FailureJudge
{
    /** Causes that are looked through. */
    private static final int MAX_CAUSES = 16;

    private final PassedFailure passed;
    /** What a firing has failed with for the last time: no record is to be tried again for it. */
    private Throwable exhausted;

    /**
     * A judge.
     *
     * @param passed knows what came from behind an operator
     */
    public FailureJudge(final PassedFailure passed)
    {
        this.passed = passed;
    }

    /**
     * Whether the record at hand is at fault.
     *
     * @param thrown what was caught
     * @return false when it must be thrown on
     */
    public boolean blames(final Throwable thrown)
    {
        return thrown != exhausted && !passed.isFromBehind(thrown) && isOfRecord(thrown);
    }

    /**
     * A firing has been tried as often as its policy says, and the job is to fail: what caused it is not to be done again.
     *
     * @param thrown what was caught at last
     */
    void exhausted(final Throwable thrown)
    {
        exhausted = thrown;
    }

    /**
     * Whether what a function threw, with nobody behind it, may be the fault of the record that it was called with.
     *
     * @param thrown what was caught
     * @return false when it must be thrown on
     */
    public static boolean isOfRecord(final Throwable thrown)
    {
        return (thrown instanceof Exception || thrown instanceof AssertionError) &&
            !Thread.currentThread().isInterrupted() && !isFatal(thrown);
    }

    private static boolean isFatal(final Throwable thrown)
    {
        Throwable cause = thrown;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++)
        {
            if (cause instanceof FatalFailure || cause instanceof VirtualMachineError)
            {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
