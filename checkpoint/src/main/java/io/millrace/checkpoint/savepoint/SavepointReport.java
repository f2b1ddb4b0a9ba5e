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
package io.millrace.checkpoint.savepoint;

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.PartDescription;
import io.millrace.core.savepoint.PartKind;
import io.millrace.core.state.StateDescription;
import io.millrace.core.state.StatePlacement;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.table.KeyGroups;
import io.millrace.memory.table.KeyHash;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Tells people what is in savepoints, and reads all of them for it: what is damaged is found. */
final class SavepointReport
{
    private final PrintStream out;
    private final AddressBuffer view = new AddressBuffer();

    SavepointReport(final PrintStream out)
    {
        this.out = out;
    }

    void inspect(final Path directory)
    {
        try (StoredSavepoint savepoint = StoredSavepoint.open(directory, new MemoryAccount("savepoint")))
        {
            out.println("savepoint " + savepoint.origin().identity() + " of job " + savepoint.job().name() + ", checkpoint " +
                savepoint.origin().checkpointId() + ", maxParallelism " + savepoint.job().maxParallelism() +
                (savepoint.drained() ? ", drained" : ""));
            for (final OperatorDescription operator : savepoint.job().operators())
            {
                out.println("  " + (operator.source() ? "source " : "operator ") + operator.uid() + " x" + operator.parallelism() + ", " +
                    savepoint.file(operator).length() + " bytes");
                for (int i = 0; i < operator.states().size(); i++)
                {
                    final StateDescription state = operator.states().get(i);
                    final NavigableMap<Integer, Group> groups = groups(savepoint, operator, i);
                    out.println("    state " + state.name() + " " + state.placement() + (state.sliced() ? " by slices" : "") + ", key " +
                        state.keyLength() + ", value " + state.valueLength() + ", " + savepoint.entries(operator, i) + " entries in " +
                        groups.size() + (state.placement() == StatePlacement.BY_KEY ? " key groups" : " instances") +
                        (state.schema().isEmpty() ? "" : ", " + state.schema()));
                }
                for (final PartDescription part : operator.parts())
                {
                    parts(savepoint, operator, part);
                }
            }
        }
    }

    /** Reads and checks all of it. */
    void check(final StoredSavepoint savepoint)
    {
        for (final OperatorDescription operator : savepoint.job().operators())
        {
            for (int i = 0; i < operator.states().size(); i++)
            {
                groups(savepoint, operator, i);
            }
            for (final PartDescription part : operator.parts())
            {
                for (int i = 0; i < operator.parallelism(); i++)
                {
                    savepoint.part(operator, part, i);
                }
            }
        }
    }

    private void parts(final StoredSavepoint savepoint, final OperatorDescription operator, final PartDescription part)
    {
        long bytes = 0;
        for (int i = 0; i < operator.parallelism(); i++)
        {
            final byte[] each = savepoint.part(operator, part, i);
            bytes += each == null ? 0 : each.length;
        }
        if (bytes > 0)
        {
            out.println("    " + part.kind() + ", " + bytes + " bytes");
        }
    }

    /** Whether they differ. */
    boolean diff(final Path left, final Path right)
    {
        try (StoredSavepoint before = StoredSavepoint.open(left, new MemoryAccount("savepoint"));
            StoredSavepoint after = StoredSavepoint.open(right, new MemoryAccount("savepoint")))
        {
            boolean different = line(before.job().maxParallelism() != after.job().maxParallelism(),
                "maxParallelism " + before.job().maxParallelism() + " -> " + after.job().maxParallelism());
            final TreeSet<String> uids = new TreeSet<>();
            before.job().operators().forEach(operator -> uids.add(operator.uid()));
            after.job().operators().forEach(operator -> uids.add(operator.uid()));
            for (final String uid : uids)
            {
                final OperatorDescription one = before.job().operator(uid);
                final OperatorDescription other = after.job().operator(uid);
                different |= one == null || other == null ?
                    line(true, (one == null ? "+ uid " : "- uid ") + uid) : diff(before, one, after, other);
            }
            return different;
        }
    }

    private boolean diff(
        final StoredSavepoint before, final OperatorDescription one, final StoredSavepoint after, final OperatorDescription other)
    {
        boolean different = line(one.parallelism() != other.parallelism(),
            "uid " + one.uid() + ": parallelism " + one.parallelism() + " -> " + other.parallelism());
        final TreeSet<String> names = new TreeSet<>();
        one.states().forEach(state -> names.add(state.name()));
        other.states().forEach(state -> names.add(state.name()));
        for (final String name : names)
        {
            final int left = index(one, name);
            final int right = index(other, name);
            final String where = "uid " + one.uid() + ": state " + name;
            if (left < 0 || right < 0)
            {
                different |= line(true, where + (left < 0 ? " is new" : " is gone"));
                continue;
            }
            different |= line(!one.states().get(left).equals(other.states().get(right)),
                where + ": " + one.states().get(left) + " -> " + other.states().get(right));
            final NavigableMap<Integer, Group> groups = groups(before, one, left);
            final NavigableMap<Integer, Group> others = groups(after, other, right);
            final TreeSet<Integer> changed = new TreeSet<>(groups.keySet());
            changed.addAll(others.keySet());
            changed.removeIf(group -> groups.containsKey(group) && groups.get(group).equals(others.get(group)));
            different |= line(!changed.isEmpty(), where + ": entries " + before.entries(one, left) + " -> " + after.entries(other, right) +
                ", other bytes in key groups " + changed);
        }
        final PartDescription own = one.part(PartKind.OWN);
        final PartDescription otherOwn = other.part(PartKind.OWN);
        for (int i = 0; i < Math.min(one.parallelism(), other.parallelism()); i++)
        {
            different |= line(!Arrays.equals(before.part(one, own, i), after.part(other, otherOwn, i)),
                "uid " + one.uid() + ": other bytes of its own in instance " + i);
        }
        return different;
    }

    private boolean line(final boolean different, final String text)
    {
        if (different)
        {
            out.println(text);
        }
        return different;
    }

    private static int index(final OperatorDescription operator, final String name)
    {
        return operator.states().stream().map(StateDescription::name).toList().indexOf(name);
    }

    /** Reads a state whole: each key group with its entries and a checksum; every key must be where it belongs. */
    private NavigableMap<Integer, Group> groups(final StoredSavepoint savepoint, final OperatorDescription operator, final int index)
    {
        final StateDescription state = operator.states().get(index);
        final NavigableMap<Integer, Group> groups = new TreeMap<>();
        savepoint.readGroups(operator, index, 0, Integer.MAX_VALUE, group -> (slice, address, count) ->
        {
            final int length = state.entryLength();
            for (int i = 0; i < count && state.placement() == StatePlacement.BY_KEY; i++)
            {
                final long hash = KeyHash.hash(address + (long)i * length, state.streamKeyLength());
                if (KeyGroups.of(hash, savepoint.job().maxParallelism()) != group)
                {
                    throw new SavepointDamagedException(savepoint.origin().identity(), "state=" + state.name() + " of uid=" +
                        operator.uid() + " has a key in key group=" + group + " that belongs elsewhere: use another copy");
                }
            }
            final Group read = groups.getOrDefault(group, new Group(0, 0));
            groups.put(group, new Group(read.entries + count,
                (read.checksum * 31 + slice) * 31 + (view.crc32c(address, count * length) & 0xFFFFFFFFL)));
        });
        final long entries = groups.values().stream().mapToLong(Group::entries).sum();
        if (entries != savepoint.entries(operator, index))
        {
            throw new SavepointDamagedException(savepoint.origin().identity(), "state=" + state.name() + " of uid=" + operator.uid() +
                " has entries=" + entries + ", its manifest says entries=" + savepoint.entries(operator, index) + ": use another copy");
        }
        return groups;
    }

    private record Group(long entries, long checksum)
    {
    }
}
