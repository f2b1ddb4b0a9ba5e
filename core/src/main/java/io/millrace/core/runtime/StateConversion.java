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

import io.millrace.core.savepoint.StateMigration;
import io.millrace.core.state.StateDescription;
import io.millrace.memory.Memory;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.RecordUpgrade;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings the entries of one state from what a savepoint has into what an operator declares. */
final class StateConversion
{
    private static final Pattern FIELD = Pattern.compile("\\w+:[A-Z_]+(\\(\\d+\\))?(?=@)");

    private final StateDescription stored;
    private final StateDescription current;
    /** Null when the bytes stay as they are, or a migration makes all of them. */
    private final RecordUpgrade upgrade;
    /** Null when there is none. */
    private final StateMigration migration;

    private StateConversion(
        final StateDescription stored,
        final StateDescription current,
        final RecordUpgrade upgrade,
        final StateMigration migration)
    {
        this.stored = stored;
        this.current = current;
        this.upgrade = upgrade;
        this.migration = migration;
    }

    /**
     * The conversion of a state.
     *
     * @param stored    as the savepoint has it
     * @param current   as it is declared
     * @param type      of the record in each value, or null
     * @param migration given by the user, or null
     * @return the conversion
     * @throws IllegalStateException when there is none, with what differs and the remedy
     */
    static StateConversion between(
        final StateDescription stored,
        final StateDescription current,
        final RecordType<?, ?> type,
        final StateMigration migration)
    {
        check("slices", stored.sliced(), current.sliced());
        check("placement", stored.placement(), current.placement());
        check("keyLength", stored.keyLength(), current.keyLength());
        check("streamKeyLength", stored.streamKeyLength(), current.streamKeyLength());
        final boolean described = !stored.schema().isEmpty() && type != null;
        if (!described || stored.schema().equals(current.schema()))
        {
            final boolean same =
                stored.valueLength() == current.valueLength() && stored.recordOffset() == current.recordOffset();
            if (!same && migration == null)
            {
                throw different("valueLength", stored.valueLength(), current.valueLength());
            }
            return new StateConversion(stored, current, null, migration);
        }
        try
        {
            final RecordUpgrade upgrade = type.upgradeFrom(stored.schema());
            final int rest = stored.valueLength() - stored.recordOffset() - upgrade.storedBlockLength();
            if (stored.recordOffset() != current.recordOffset() || rest < 0 ||
                rest != current.valueLength() - current.recordOffset() - type.blockLength())
            {
                throw different("valueLength around the record", stored.valueLength(), current.valueLength());
            }
            return new StateConversion(stored, current, upgrade, migration);
        }
        catch (final IllegalStateException exception)
        {
            if (migration == null)
            {
                throw exception;
            }
            return new StateConversion(stored, current, null, migration);
        }
    }

    private static void check(final String what, final Object before, final Object now)
    {
        if (!before.equals(now))
        {
            throw different(what, before, now);
        }
    }

    private static IllegalStateException different(final String what, final Object before, final Object now)
    {
        return new IllegalStateException(what + "=" + before + " was stored, and is now " + what + "=" + now +
            ("valueLength".equals(what) || what.startsWith("valueLength ") ?
            ": give a function with JobConfig.migrating(...)" : ": keep it, or give the state another name"));
    }

    /**
     * Writes an entry as it is declared.
     *
     * @param entry       address of the stored one
     * @param destination address of key and value
     */
    void convert(final long entry, final long destination)
    {
        Memory.copyWords(entry, destination, stored.keyLength());
        final long before = entry + stored.keyLength();
        final long now = destination + current.keyLength();
        final boolean sameBytes = upgrade == null && (migration == null || sameSchema());
        if (sameBytes)
        {
            Memory.copyWords(before, now, Math.min(stored.valueLength(), current.valueLength()));
        }
        else
        {
            Memory.zero(now, current.valueLength());
        }
        if (upgrade != null)
        {
            final int offset = stored.recordOffset();
            final int block = upgrade.storedBlockLength();
            Memory.copyWords(before, now, offset);
            final int written = upgrade.upgrade(before + offset, block, now + offset);
            Memory.copyWords(before + offset + block, now + offset + written, stored.valueLength() - offset - block);
        }
        if (migration != null)
        {
            migration.migrate(before, now);
        }
    }

    private boolean sameSchema()
    {
        return stored.valueLength() == current.valueLength() && stored.schema().equals(current.schema());
    }

    /** What changes, for people; empty when nothing does. */
    String explain()
    {
        final List<String> changes = new ArrayList<>();
        if (upgrade != null)
        {
            final List<String> fields = fields(current.schema());
            fields.removeAll(fields(stored.schema()));
            changes.add("fields appended with zeros: " + String.join(", ", fields));
        }
        if (migration != null)
        {
            changes.add((upgrade == null ? "values" : "then values") + " by the function of JobConfig.migrating(...)");
        }
        return String.join(", ", changes);
    }

    /** Fields of a schema: {@code Total{key:LONG@0+8,count:LONG@8+8}16/16} has key:LONG and count:LONG. */
    private static List<String> fields(final String schema)
    {
        final List<String> fields = new ArrayList<>();
        final Matcher matcher = FIELD.matcher(schema);
        while (matcher.find())
        {
            fields.add(matcher.group());
        }
        return fields;
    }

    int storedLength()
    {
        return stored.entryLength();
    }

    int length()
    {
        return current.entryLength();
    }
}
