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
package io.millrace.checkpoint.coordinator;

import java.util.function.LongSupplier;

/**
 * When checkpoints are made, and when they are given up.
 *
 * @param intervalNanos     from the begin of one to that of the next, {@link #NEVER} for none by time
 * @param minimumPauseNanos from the settlement of one to the begin of the next by time
 * @param timeoutNanos      after which one is given up, {@link #NEVER} for not at all
 * @param records           after which a source asks for one, 0 for never
 * @param bytes             after which a source asks for one, 0 for never
 * @param tolerableFailures how many in a row may be given up before the job fails
 * @param aligned           whether barriers block channels
 * @param nanoClock         as {@link System#nanoTime()}; read by the I/O thread and by who requests a checkpoint
 */
record CheckpointPolicy(
    long intervalNanos,
    long minimumPauseNanos,
    long timeoutNanos,
    long records,
    long bytes,
    int tolerableFailures,
    boolean aligned,
    LongSupplier nanoClock)
{
    static final long NEVER = Long.MAX_VALUE;
}
