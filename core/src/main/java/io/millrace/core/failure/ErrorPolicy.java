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

/**
 * What becomes of a record that an operator's function fails with.
 * <pre>
 *   fail()                        the job fails, and names operator, position and record
 *   skipToDeadLetters()           the record goes to the dead letters, the job goes on with the next
 *   retry(n).thenDeadLetters()    the function is called again, n times at most, before that
 *   retry(n).thenFail()
 * </pre>
 * A policy takes exceptions and assertion errors; not errors of the JVM (memory, stack, linkage), nothing that is a
 * {@link io.millrace.memory.FatalFailure}, and nothing while the task's thread is interrupted.
 * <p>
 * As in Flink nothing is rolled back that the function did before it threw: what it has emitted, and what it has changed
 * in its states, stays, each time that it is called. A record that is half written is not emitted. Accumulators of the
 * engine's aggregations are as they were before the record. All that is the same when the record is replayed.
 * <p>
 * A firing, which makes results of what an operator keeps and has no record of its own, goes the same way: the result of a
 * window, a pair of a join, a match of a pattern. Its dead letter tells window and key. What the operator keeps is as after
 * success.
 */
public final class ErrorPolicy
{
    private static final ErrorPolicy FAIL = new ErrorPolicy(0, false);

    private final int retries;
    private final boolean deadLetters;

    private ErrorPolicy(final int retries, final boolean deadLetters)
    {
        this.retries = retries;
        this.deadLetters = deadLetters;
    }

    /**
     * The job fails at the first one; what holds where nothing else is said.
     *
     * @return the policy
     */
    public static ErrorPolicy fail()
    {
        return FAIL;
    }

    /**
     * The record goes to the dead letters.
     *
     * @return the policy
     */
    public static ErrorPolicy skipToDeadLetters()
    {
        return new ErrorPolicy(0, true);
    }

    /**
     * The function is called again with the record, at once.
     *
     * @param times calls after the first that failed, 1 or more
     * @return to be told what follows the last of them
     * @throws IllegalArgumentException when times is below 1
     */
    public static Retry retry(final int times)
    {
        if (times < 1)
        {
            throw new IllegalArgumentException("retry(" + times + ") must be 1 or more: skipToDeadLetters() calls once");
        }
        return new Retry(times);
    }

    /**
     * How often the function is called again.
     *
     * @return 0 or more
     */
    public int retries()
    {
        return retries;
    }

    /**
     * What becomes of a record at last.
     *
     * @return true for the dead letters, false when the job fails
     */
    public boolean deadLetters()
    {
        return deadLetters;
    }

    /**
     * Whether there is anything to be done before the job fails.
     *
     * @return false for {@link #fail()}
     */
    public boolean guards()
    {
        return deadLetters || retries > 0;
    }

    @Override
    public String toString()
    {
        return (retries == 0 ? "" : "retry(" + retries + ") then ") + (deadLetters ? "dead letters" : "fail");
    }

    /** A policy that is told what follows its last attempt. */
    public static final class Retry
    {
        private final int times;

        private Retry(final int times)
        {
            this.times = times;
        }

        /**
         * The record goes to the dead letters when the last attempt has failed.
         *
         * @return the policy
         */
        public ErrorPolicy thenDeadLetters()
        {
            return new ErrorPolicy(times, true);
        }

        /**
         * The job fails when the last attempt has.
         *
         * @return the policy
         */
        public ErrorPolicy thenFail()
        {
            return new ErrorPolicy(times, false);
        }
    }
}
