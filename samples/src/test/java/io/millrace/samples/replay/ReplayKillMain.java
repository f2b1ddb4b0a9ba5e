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
package io.millrace.samples.replay;

import io.millrace.checkpoint.replay.ReplayPace;

import java.nio.file.Path;

/** A replay that ends its process in the middle of a step. */
final class ReplayKillMain
{
    private static final int KILLED = 137;

    private ReplayKillMain()
    {
    }

    /**
     * Begins a replay and does not come back.
     *
     * @param arguments directory, seed, number of records, and the pause to end at
     */
    public static void main(final String[] arguments)
    {
        final Recording recording = Recording.of(
            Path.of(arguments[0]), Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
        final int end = Integer.parseInt(arguments[3]);
        final int[] pauses = {0};
        final long[] clock = {0};
        recording.replay(Fault.NONE).pace(ReplayPace.own(() -> clock[0], nanos ->
        {
            clock[0] += nanos;
            if (++pauses[0] == end)
            {
                Runtime.getRuntime().halt(KILLED);
            }
        })).run();
    }
}
