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
package io.millrace.memory.record;

import io.millrace.memory.Memory;

import java.util.Arrays;
import java.util.List;

/**
 * Brings records from the layout that they were stored in into the current one, which has the same fields at the same
 * offsets and perhaps more of them. Fields that the stored layout did not have become zero or empty. Immutable: any
 * thread may use it.
 */
public final class RecordUpgrade
{
    private final int storedBlockLength;
    private final int blockLength;
    private final boolean identity;
    private final int[] offsets;
    private final int[] lengths;
    private final int[] variableFields;

    private RecordUpgrade(final RecordSchema stored, final RecordSchema current)
    {
        storedBlockLength = stored.blockLength();
        blockLength = current.blockLength();
        identity = sameFields(stored, current);
        final int leaves = countLeaves(stored);
        offsets = new int[leaves];
        lengths = new int[leaves];
        addLeaves(stored, 0, 0);
        variableFields = stored.fields().stream().filter(field -> field.kind() == FieldKind.VAR_BYTES)
            .mapToInt(RecordField::offset).toArray();
    }

    static RecordUpgrade between(final RecordSchema stored, final RecordSchema current)
    {
        check(stored, current, "");
        return new RecordUpgrade(stored, current);
    }

    /**
     * @return true when stored records have the current layout already
     */
    public boolean identity()
    {
        return identity;
    }

    /**
     * @return bytes of the fixed fields in the stored layout
     */
    public int storedBlockLength()
    {
        return storedBlockLength;
    }

    /**
     * @param storedLength of a stored record in bytes
     * @return bytes that the same record takes in the current layout
     */
    public int upgradedLength(final int storedLength)
    {
        return storedLength - storedBlockLength + blockLength;
    }

    /**
     * Writes a stored record in the current layout.
     *
     * @param source       address of the stored record
     * @param storedLength of it in bytes
     * @param destination  address to write to, with room for {@link #upgradedLength} bytes, apart from the source
     * @return bytes that were written
     */
    public int upgrade(final long source, final int storedLength, final long destination)
    {
        if (storedLength < storedBlockLength)
        {
            throw new IllegalStateException("storedLength=" + storedLength +
                " is shorter than the stored schema's blockLength=" +
                storedBlockLength + ": the record is damaged, or was stored under another schema");
        }
        FieldCodec.zero(destination, blockLength);
        for (int i = 0; i < offsets.length; i++)
        {
            FieldCodec.copy(source + offsets[i], destination + offsets[i], lengths[i]);
        }
        Memory.copy(source + storedBlockLength, destination + blockLength, storedLength - storedBlockLength);
        for (final int field : variableFields)
        {
            VarBytesCodec.moveBytes(destination, field, blockLength - storedBlockLength);
        }
        return upgradedLength(storedLength);
    }

    private int addLeaves(final RecordSchema schema, final int start, final int firstIndex)
    {
        int index = firstIndex;
        for (final RecordField field : schema.fields())
        {
            if (field.kind() == FieldKind.RECORD)
            {
                index = addLeaves(RecordSchema.parse(field.detail()), start + field.offset(), index);
            }
            else
            {
                offsets[index] = start + field.offset();
                lengths[index++] = field.length();
            }
        }
        return index;
    }

    private static int countLeaves(final RecordSchema schema)
    {
        int count = 0;
        for (final RecordField field : schema.fields())
        {
            count += field.kind() == FieldKind.RECORD ? countLeaves(RecordSchema.parse(field.detail())) : 1;
        }
        return count;
    }

    private static boolean sameFields(final RecordSchema stored, final RecordSchema current)
    {
        return stored.blockLength() == current.blockLength() && stored.fields().size() == current.fields().size() &&
            stored.fields().stream().allMatch(field -> sameField(field, current.field(field.name())));
    }

    private static boolean sameField(final RecordField stored, final RecordField current)
    {
        return stored.kind() != FieldKind.RECORD ||
            sameFields(RecordSchema.parse(stored.detail()), RecordSchema.parse(current.detail()));
    }

    private static void check(final RecordSchema stored, final RecordSchema current, final String path)
    {
        if (!stored.name().equals(current.name()))
        {
            throw new IllegalStateException("stored record=" + path + stored.name() + " cannot be read as record=" +
                path + current.name() + ": keep the name with @OffHeapRecord(name = \"" + stored.name() + "\")");
        }
        for (final RecordField field : stored.fields())
        {
            final RecordField now = current.field(field.name());
            if (now == null)
            {
                throw unreadable(stored, path, field, "missing", "only appending is allowed, keep the field");
            }
            if (field.offset() != now.offset())
            {
                throw unreadable(stored, path, field, now.toString(),
                    "append new fields behind the stored ones, in their order");
            }
            if (!sameForm(field, now, path + stored.name() + '.'))
            {
                throw unreadable(stored, path, field, now.toString(),
                    "keep the field as it was stored, and append one of the new type");
            }
        }
    }

    private static boolean sameForm(final RecordField stored, final RecordField current, final String path)
    {
        if (stored.kind() != current.kind())
        {
            return false;
        }
        return switch (stored.kind())
        {
            case RECORD ->
            {
                final String nestedPath = path + stored.name() + ':';
                check(RecordSchema.parse(stored.detail()), RecordSchema.parse(current.detail()), nestedPath);
                yield current.length() >= stored.length();
            }
            case ENUM -> startsWith(List.of(current.detail().split("\\|")), List.of(stored.detail().split("\\|")));
            case VAR_BYTES -> current.parameter() >= stored.parameter();
            default -> current.parameter() == stored.parameter() && current.length() == stored.length();
        };
    }

    private static boolean startsWith(final List<String> constants, final List<String> stored)
    {
        return constants.size() >= stored.size() && constants.subList(0, stored.size()).equals(stored);
    }

    private static IllegalStateException unreadable(
        final RecordSchema stored,
        final String path,
        final RecordField field,
        final String current,
        final String remedy)
    {
        return new IllegalStateException("field=" + field.name() + " of record=" + path + stored.name() +
            " was stored as " + field + ", and is now " + current + ": " + remedy);
    }

    @Override
    public String toString()
    {
        return "storedBlockLength=" + storedBlockLength + " blockLength=" + blockLength + " storedFields=" +
            Arrays.toString(offsets);
    }
}
