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

/**
 * What a replay has come to.
 *
 * @param records         that sources have emitted
 * @param finished        whether the job came to its end, and not only to where it was to stop
 * @param from            cause that it began behind, -1 for the start
 * @param barriers        at which hashes were compared
 * @param firstOperator   the first operator that differs, null when none does or none was compared
 * @param same            output records that are as they were
 * @param added           output records that were not there
 * @param missing         output records that are not there any more
 * @param changed         output records that are others
 * @param beyond          output records behind the end of a recorded output, which the run may not have come to
 * @param differences     the first of what is added, missing and changed, output after output, as many as were asked for
 * @param notes           what could not be compared, and why
 */
public record ReplayReport(
    long records,
    boolean finished,
    long from,
    long barriers,
    HashDifference firstOperator,
    long same,
    long added,
    long missing,
    long changed,
    long beyond,
    List<ReplayDifference> differences,
    List<String> notes)
{
    public ReplayReport
    {
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }

    /**
     * Whether nothing differs of what was compared.
     *
     * @return false when an operator or a record differs
     */
    public boolean isSame()
    {
        return firstOperator == null && added + missing + changed == 0;
    }

    /**
     * Whether anything was compared at all: without, the replay says nothing about the run.
     *
     * @return false when there was neither a recorded output record nor a barrier with hashes
     */
    public boolean hasCompared()
    {
        return barriers + same + added + missing + changed > 0;
    }

    /**
     * For people.
     *
     * @return several lines; the first difference with its fields side by side, recorded | replayed
     */
    @Override
    public String toString()
    {
        final StringBuilder text = new StringBuilder();
        text.append("replayed ").append(records).append(" records from cause=").append(ReplayPosition.text(from))
            .append(finished ? " to the end" : " and stopped").append('\n');
        text.append("output: same=").append(same).append(" added=").append(added).append(" missing=").append(missing)
            .append(" changed=").append(changed).append(" beyond the recorded end=").append(beyond).append('\n');
        text.append("hashes: barriers=").append(barriers).append(barriers == 0 ? ", nothing compared" :
            firstOperator == null ? ", none differs" : ", first difference: " + firstOperator).append('\n');
        for (int i = 0; i < differences.size(); i++)
        {
            text.append(i == 0 ? "first difference: " : "").append(differences.get(i)).append('\n');
            text.append(i == 0 ? differences.get(i).sideBySide() : "");
        }
        final long left = added + missing + changed - differences.size();
        text.append(left > 0 ? "... and " + left + " more\n" : "");
        notes.forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }
}
