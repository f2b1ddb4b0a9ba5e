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

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.checkpoint.journal.JournalSchema;
import io.millrace.memory.record.RecordText;
import io.millrace.memory.record.SlotDescriptor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares output journals record by record: both are read once, side by side. Keeps the first differences, counts all. */
final class JournalComparison
{
    private static final String TIME = "@time";

    private final long until;
    private final long certain;
    private final int most;
    private final List<ReplayDifference> differences = new ArrayList<>();
    private long same;
    private long added;
    private long missing;
    private long changed;
    private long beyond;

    /**
     * A comparison.
     *
     * @param until   last cause that it replays
     * @param certain last cause up to which the recorded output is known to be whole
     * @param most    differences that are kept
     */
    JournalComparison(final long until, final long certain, final int most)
    {
        this.until = until;
        this.certain = certain;
        this.most = most;
    }

    /** One journal of two, from its first record that matters. */
    private final class Side implements AutoCloseable
    {
        private final RecordText text;
        private final JournalReader reader;
        private long slot;

        private Side(final Path directory, final RestoredPlace.Written written)
        {
            final String schema = JournalSchema.of(directory);
            text = schema == null ? null : RecordText.of(schema);
            reader = schema == null ? null : JournalReader.open(new JournalContext().directory(directory).schema(schema));
            do
            {
                advance();
            }
            while (slot != 0 && written.covers(SlotDescriptor.cause(slot), SlotDescriptor.ingressTime(slot)));
        }

        private void advance()
        {
            slot = slot == 0 || reader == null ? 0 : reader.nextRecord();
            while (reader != null && slot == 0 && reader.poll() == JournalReader.FRAME)
            {
                slot = reader.nextRecord();
            }
        }

        private boolean atEnd()
        {
            return slot == 0 || SlotDescriptor.cause(slot) > until;
        }

        private Map<String, String> fields()
        {
            final Map<String, String> fields = new LinkedHashMap<>();
            fields.put(TIME, Long.toString(SlotDescriptor.timestamp(slot)));
            fields.putAll(text.fields(slot + SlotDescriptor.HEADER_LENGTH, SlotDescriptor.length(slot)));
            return fields;
        }

        @Override
        public void close()
        {
            if (reader != null)
            {
                reader.close();
            }
        }
    }

    /**
     * Compares one output.
     *
     * @param output   name
     * @param recorded journal of the run
     * @param replayed journal of the replay
     * @param written  last record that was there before the replay began
     */
    void compare(final String output, final Path recorded, final Path replayed, final RestoredPlace.Written written)
    {
        try (Side then = new Side(recorded, written); Side now = new Side(replayed, written))
        {
            while (!then.atEnd() || !now.atEnd())
            {
                final int order = then.atEnd() ? 1 : now.atEnd() ? -1 : order(then.slot, now.slot);
                if (order == 0)
                {
                    both(output, then, now);
                    then.advance();
                    now.advance();
                }
                else if (order < 0)
                {
                    missing++;
                    keep(ReplayDifference.Kind.MISSING, output, then.slot, then.fields(), Map.of());
                    then.advance();
                }
                else
                {
                    onlyNow(output, then, now);
                    now.advance();
                }
            }
        }
    }

    private void both(final String output, final Side then, final Side now)
    {
        if (equal(then.slot, now.slot))
        {
            same++;
            return;
        }
        changed++;
        keep(ReplayDifference.Kind.CHANGED, output, then.slot, then.fields(), now.fields());
    }

    private void onlyNow(final String output, final Side then, final Side now)
    {
        if (then.slot == 0 && SlotDescriptor.cause(now.slot) > certain)
        {
            beyond++;
            return;
        }
        added++;
        keep(ReplayDifference.Kind.ADDED, output, now.slot, Map.of(), now.fields());
    }

    private void keep(
        final ReplayDifference.Kind kind,
        final String output,
        final long slot,
        final Map<String, String> then,
        final Map<String, String> now)
    {
        if (differences.size() < most)
        {
            differences.add(new ReplayDifference(
                kind, output, SlotDescriptor.cause(slot), SlotDescriptor.ingressTime(slot), "", "", then, now));
        }
    }

    private static int order(final long left, final long right)
    {
        final int causes = Long.compare(SlotDescriptor.cause(left), SlotDescriptor.cause(right));
        return causes != 0 ? causes : Long.compare(SlotDescriptor.ingressTime(left), SlotDescriptor.ingressTime(right));
    }

    private static boolean equal(final long left, final long right)
    {
        return SlotDescriptor.timestamp(left) == SlotDescriptor.timestamp(right) && SlotDescriptor.samePayload(left, right);
    }

    List<ReplayDifference> differences()
    {
        return differences;
    }

    long same()
    {
        return same;
    }

    long added()
    {
        return added;
    }

    long missing()
    {
        return missing;
    }

    long changed()
    {
        return changed;
    }

    long beyond()
    {
        return beyond;
    }
}
