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
package io.millrace.core.time;

/**
 * Processing time as an operator sees it: that of the engine when the latest tick was taken in, never the machine's, so
 * that a replay has the same (ORDERING rule 19). It only grows. The task's thread.
 */
public interface ProcessingClock
{
    /** Time at which nobody wants to be woken. */
    long NEVER = Long.MAX_VALUE;

    /**
     * Processing time.
     *
     * @return since the epoch, in the pipeline's unit; {@link Long#MIN_VALUE} before the first tick, which comes before
     *     the first record
     */
    long time();

    /**
     * Says when the operator has something to do, though no record should come: a tick comes then at or soon after that
     * time. Each call takes the place of the one before; called again whenever it is another time, and in
     * {@link io.millrace.core.operator.Operator#start}.
     *
     * @param time in the pipeline's unit; when it is past, the next tick is asked for; {@link #NEVER} for none
     */
    void wakeAt(long time);
}
