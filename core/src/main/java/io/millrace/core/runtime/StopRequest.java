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
package io.millrace.core.runtime;

/**
 * What a job is asked for at its end, by any thread:
 * <pre>
 *   stop    sources emit no more; what is under way is processed; the last checkpoint has their positions; END_OF_STREAM
 *   drain   the same with the watermark MAX, as if the input had come to its end
 * </pre>
 * The first counts. A life that fails meanwhile takes the request with it, as in Flink: the job runs on.
 */
final class StopRequest
{
    private enum Mode
    {
        NONE, STOP, DRAIN
    }

    private volatile Mode mode = Mode.NONE;

    synchronized void stop()
    {
        mode = mode == Mode.NONE ? Mode.STOP : mode;
    }

    synchronized void drain()
    {
        mode = mode == Mode.NONE ? Mode.DRAIN : mode;
    }

    /** Forgets what was asked; whether there was anything. */
    synchronized boolean forget()
    {
        final boolean asked = isAsked();
        mode = Mode.NONE;
        return asked;
    }

    boolean isAsked()
    {
        return mode != Mode.NONE;
    }

    boolean drains()
    {
        return mode == Mode.DRAIN;
    }
}
