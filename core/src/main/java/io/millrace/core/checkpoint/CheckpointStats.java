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
package io.millrace.core.checkpoint;

import java.util.List;

/**
 * The checkpoints of a job since its start or last restart. Immutable.
 *
 * @param completed how many will survive
 * @param declined  how many the store could not take
 * @param timedOut  how many took longer than they may
 * @param failed    how many failed the job
 * @param latest    the latest ones, oldest first, at most {@link #LATEST}
 * @param waiting   why the order of the sources cannot be kept now, so that output and checkpoints wait, and sources soon: path,
 *                  bytes needed and remedy; empty when nothing waits
 */
public record CheckpointStats(
    long completed, long declined, long timedOut, long failed, List<CheckpointReport> latest, String waiting)
{
    /** How many reports are kept. */
    public static final int LATEST = 10;

    /** No checkpoint. */
    public static final CheckpointStats NONE = new CheckpointStats(0, 0, 0, 0, List.of(), "");

    /**
     * A record of the counts.
     */
    public CheckpointStats
    {
        latest = List.copyOf(latest);
    }

    /**
     * The same with what is waited for.
     *
     * @param reason empty for nothing
     * @return the counts
     */
    public CheckpointStats waiting(final String reason)
    {
        return reason.equals(waiting) ? this : new CheckpointStats(completed, declined, timedOut, failed, latest, reason);
    }
}
