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
package io.millrace.core.testing;

/**
 * The places where a simulated process dies. What stands for the outside of the process calls {@link #reach} before and after
 * whatever it does; from the call on at which the process died, every one fails, so that nothing more reaches the outside.
 * One thread.
 */
public final class CrashPoints
{
    /** The process is dead: whoever catches it cannot do anything any more either. */
    public static final class ProcessDiedException extends RuntimeException
    {
        private static final long serialVersionUID = 1L;

        ProcessDiedException(final String where)
        {
            super("the process died at " + where, null, false, false);
        }
    }

    private long rest = Long.MAX_VALUE;
    private String diedAt;
    private long reached;

    /** Points at which nobody dies yet. */
    public CrashPoints()
    {
    }

    /**
     * Says that something outside is about to be touched, or has just been.
     *
     * @param where name of the place, for messages
     * @throws ProcessDiedException when the process is dead from here on
     */
    public void reach(final String where)
    {
        if (diedAt == null)
        {
            reached++;
            if (--rest > 0)
            {
                return;
            }
            diedAt = where;
        }
        throw new ProcessDiedException(diedAt);
    }

    /** Lets the process live again, and die at a later point. */
    void arm(final long points)
    {
        diedAt = null;
        rest = points;
    }

    /** Kills the process between two points. */
    void kill()
    {
        diedAt = diedAt == null ? "no point" : diedAt;
    }

    /**
     * Whether the process is dead.
     *
     * @return true until the next life
     */
    public boolean dead()
    {
        return diedAt != null;
    }

    /** Where it died, or null. */
    String diedAt()
    {
        return diedAt;
    }

    /**
     * Points that were reached alive, in all lives.
     *
     * @return their number
     */
    public long reached()
    {
        return reached;
    }
}
