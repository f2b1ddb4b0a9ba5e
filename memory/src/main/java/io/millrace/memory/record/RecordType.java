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

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What a record is made of: its name, its fields with their offsets, and how to get a view of one. Generated for every
 * {@link OffHeapRecord}; who brings codecs of their own builds one by hand.
 *
 * @param <V> the read-only view
 * @param <W> the flyweight, which also writes
 */
public final class RecordType<V, W extends Flyweight>
{
    private final String name;
    private final int blockLength;
    private final int maxLength;
    private final List<RecordField> fields;
    private final Supplier<W> factory;
    private final RecordField eventTime;

    /**
     * A type.
     *
     * @param name        stable name, stored with snapshots and journals
     * @param blockLength bytes of the fixed fields
     * @param maxLength   the most bytes that a record may take, {@code blockLength} when it has no variable part
     * @param fields      in order of their offsets
     * @param factory     of flyweights
     */
    public RecordType(
        final String name,
        final int blockLength,
        final int maxLength,
        final List<RecordField> fields,
        final Supplier<W> factory)
    {
        this.name = Objects.requireNonNull(name, "name");
        if (name.isEmpty() || name.chars().anyMatch(c -> "{}(),:@".indexOf(c) >= 0))
        {
            throw new IllegalArgumentException("name=\"" + name + "\" of a record must not be empty or contain any " +
                "of {}(),:@");
        }
        if (blockLength <= 0 || maxLength < blockLength)
        {
            throw new IllegalArgumentException(
                "record=" + name + " has blockLength=" + blockLength + " maxLength=" + maxLength +
                ": blockLength must be above 0 and maxLength at least blockLength");
        }
        this.blockLength = blockLength;
        this.maxLength = maxLength;
        this.fields = List.copyOf(fields);
        this.factory = Objects.requireNonNull(factory, "factory");
        this.eventTime = this.fields.stream().filter(RecordField::eventTime).findFirst().orElse(null);
    }

    /**
     * @return stable name of the type
     */
    public String name()
    {
        return name;
    }

    /**
     * @return bytes of the fixed fields
     */
    public int blockLength()
    {
        return blockLength;
    }

    /**
     * @return the most bytes that a record may take
     */
    public int maxLength()
    {
        return maxLength;
    }

    /**
     * @return true when every record takes exactly {@link #blockLength()} bytes
     */
    public boolean fixedLength()
    {
        return maxLength == blockLength;
    }

    /**
     * @return the fields in order of their offsets
     */
    public List<RecordField> fields()
    {
        return fields;
    }

    /**
     * @return the field marked {@link EventTime}, or null when there is none
     */
    public RecordField eventTime()
    {
        return eventTime;
    }

    /**
     * @return a new flyweight, wrapped to nothing
     */
    public W newFlyweight()
    {
        return factory.get();
    }

    /**
     * @param flyweight made by this type
     * @return the same object as the read-only view that it also is
     */
    @SuppressWarnings("unchecked")
    public V view(final W flyweight)
    {
        return (V)flyweight;
    }

    /**
     * Copies a record of fixed length.
     *
     * @param from view of a record in memory, made by this type
     * @param to   flyweight on the record to write
     */
    public void copy(final V from, final W to)
    {
        if (!fixedLength())
        {
            throw new IllegalStateException("record=" + name + " has variable length, maxLength=" + maxLength +
                ": copy it with the flyweight's set(...)");
        }
        if (!(from instanceof Flyweight source) || source.type() != this)
        {
            throw new IllegalArgumentException("record=" + from + " is no view made by type=" + name);
        }
        if (source.address() == 0)
        {
            throw new IllegalStateException("record=" + name + " is copied from a view that is on no record any more: a view " +
                "is valid only during the callback, and one of a state until the next call of that state");
        }
        Memory.copyWords(source.address(), to.address(), blockLength);
    }

    /**
     * The schema as text, for snapshots and journals:
     * {@code name{field:KIND(parameter)@offset+length,...}blockLength/maxLength}. The parameter of an enum is its
     * constants, {@code (BUY|SELL)}; that of a nested record is the schema of its type.
     *
     * @return a description that is equal for equal layouts
     */
    public String schema()
    {
        final StringBuilder schema = new StringBuilder(name).append('{');
        for (int i = 0; i < fields.size(); i++)
        {
            schema.append(i == 0 ? "" : ",").append(fields.get(i));
        }
        return schema.append("}").append(blockLength).append('/').append(maxLength).toString();
    }

    /**
     * Fails when records that were stored under another version of this type cannot be read any more. Appended fields
     * and appended enum constants are fine.
     *
     * @param storedSchema what {@link #schema()} was when they were stored
     * @throws IllegalStateException when a field was removed, moved or retyped: it names the field, its stored and its
     *         current form
     */
    public void checkReadable(final String storedSchema)
    {
        upgradeFrom(storedSchema);
    }

    /**
     * How to bring records that were stored under another version of this type into the current layout.
     *
     * @param storedSchema what {@link #schema()} was when they were stored
     * @return the conversion
     * @throws IllegalStateException as {@link #checkReadable}
     */
    public RecordUpgrade upgradeFrom(final String storedSchema)
    {
        return RecordUpgrade.between(RecordSchema.parse(storedSchema), RecordSchema.parse(schema()));
    }

    @Override
    public String toString()
    {
        return name;
    }
}
