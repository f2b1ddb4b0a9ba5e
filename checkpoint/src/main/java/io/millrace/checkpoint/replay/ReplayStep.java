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
package io.millrace.checkpoint.replay;

import java.util.List;
import java.util.Map;

/**
 * What one record of a source has done to a pipeline.
 *
 * @param number     of the step, from 1
 * @param source     uid of the source; null when there was no record left, and what follows came of the end of the input
 * @param emitted    what the operators have emitted, in the order in which they did; what waits at a merge for another
 *                   source comes in a later step, and what a tick or barrier before the record causes in this one
 * @param changed    uids of the operators whose state is not what it was, each with its instance, as {@code sums/0}
 * @param watermarks by task name, of the tasks whose watermark has moved
 */
public record ReplayStep(
    long number, String source, List<Emitted> emitted, List<String> changed, Map<String, Long> watermarks)
{
    /**
     * One record.
     *
     * @param operator  uid of the operator that has emitted it
     * @param subtask   index of the instance
     * @param tag       of the side output, null for the main one
     * @param type      name of the record's type
     * @param cause     of the record
     * @param timestamp event time
     * @param fields    values by names
     */
    public record Emitted(
        String operator, int subtask, String tag, String type, long cause, long timestamp, Map<String, String> fields)
    {
        @Override
        public String toString()
        {
            return operator + "/" + subtask + (tag == null ? "" : " side output " + tag) + " emits " + type + fields + " time=" +
                timestamp + " cause=" + ReplayPosition.text(cause);
        }
    }

    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder("step ").append(number).append(source == null ? ": end of the input" :
            ": source " + source).append('\n');
        emitted.forEach(record -> text.append("    ").append(record).append('\n'));
        changed.forEach(state -> text.append("    state of ").append(state).append(" has changed\n"));
        watermarks.forEach((task, watermark) ->
            text.append("    watermark of ").append(task).append(" is ").append(watermark).append('\n'));
        return text.toString();
    }
}
