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

import java.time.Duration;
import java.util.List;

/**
 * A step of a task that does not come back.
 *
 * @param task    that takes the step
 * @param place   operator or source, position and record, as far as they are known
 * @param elapsed for how long nothing was seen to move
 * @param thread  that takes the step
 * @param stack   of that thread when it was looked at, its top first
 */
public record HangReport(String task, String place, Duration elapsed, String thread, List<StackTraceElement> stack)
{
    /** The frames that a message shows. */
    private static final int FRAMES = 12;

    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder("task=").append(task).append(" hangs for ").append(elapsed)
            .append(place).append(" thread=").append(thread);
        stack.stream().limit(FRAMES).forEach(frame -> text.append("\n    at ").append(frame));
        return text.toString();
    }
}
