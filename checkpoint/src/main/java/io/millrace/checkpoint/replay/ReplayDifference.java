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

import java.util.Map;
import java.util.TreeSet;

/**
 * A record of an output that is not as it was recorded. Records are matched by their identity: the cause, and the ordinal
 * among the records of that cause.
 *
 * @param kind         what is different
 * @param output       name of the output
 * @param cause        of the record
 * @param ordinal      among the records of that cause, from 0
 * @param position     where in the input the cause is, for people
 * @param interval     between which checkpoints it is, for people
 * @param recorded     fields of the recorded record by their names, the event time as {@code @time}; empty when it was added
 * @param replayed     fields of the replayed record; empty when it is missing
 */
public record ReplayDifference(
    Kind kind,
    String output,
    long cause,
    long ordinal,
    String position,
    String interval,
    Map<String, String> recorded,
    Map<String, String> replayed)
{
    /** What is different. */
    public enum Kind
    {
        /** The replay has a record that was not there. */
        ADDED,
        /** The replay does not have a record that was there. */
        MISSING,
        /** Both have the record, and its event time or content differs. */
        CHANGED
    }

    ReplayDifference at(final String newPosition, final String newInterval)
    {
        return new ReplayDifference(kind, output, cause, ordinal, newPosition, newInterval, recorded, replayed);
    }

    /**
     * The two records side by side.
     *
     * @return a line for each field, those that differ with a mark
     */
    public String sideBySide()
    {
        final StringBuilder text = new StringBuilder();
        final TreeSet<String> rest = new TreeSet<>(replayed.keySet());
        rest.removeAll(recorded.keySet());
        for (final String name : recorded.keySet())
        {
            line(text, name);
        }
        rest.forEach(name -> line(text, name));
        return text.toString();
    }

    private void line(final StringBuilder text, final String name)
    {
        final String left = recorded.getOrDefault(name, "-");
        final String right = replayed.getOrDefault(name, "-");
        text.append(left.equals(right) ? "    " : "  * ").append(name).append(": ").append(left);
        text.append(left.equals(right) ? "" : " | " + right).append('\n');
    }

    @Override
    public String toString()
    {
        return kind + " in output " + output + " cause=" + ReplayPosition.text(cause) + " ordinal=" + ordinal + " (" + position +
            ", " + interval + ")";
    }
}
