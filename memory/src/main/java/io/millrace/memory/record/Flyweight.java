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

import io.millrace.memory.DebugMode;

/**
 * A view of one record in off-heap memory, moved from record to record by {@link #wrap}. Generated classes add typed
 * fields.
 * <p>
 * A view is valid only during the callback that it was handed to. In debug mode it is {@link #release}d afterwards, and
 * any later access fails with the field and the operator named. Not thread-safe.
 */
public abstract class Flyweight
{
    /** Address of the first byte of the record; generated code adds its offsets to it. */
    protected long address;
    private String releasedBy;
    // What debug mode checks: the span, and whether a view of a field was taken from the record that the flyweight is
    // on now.
    private int spanLength;
    private int generation;
    private Flyweight owner;
    private int ownerGeneration;

    /**
     * Moves the view to a record, with one check of its span.
     *
     * @param address of the record's first byte (behind the slot's header)
     * @param length  of the record in bytes
     */
    public final void wrap(final long address, final int length)
    {
        if (length < blockLength())
        {
            throw shorterThanBlock(length);
        }
        this.address = address;
        if (DebugMode.ENABLED)
        {
            moved(length);
        }
    }

    /**
     * Moves the view to a record whose span the caller vouches for.
     *
     * @param address of the record's first byte
     */
    public final void wrapUnchecked(final long address)
    {
        this.address = address;
        if (DebugMode.ENABLED)
        {
            moved(Integer.MAX_VALUE);
        }
    }

    /**
     * @return address of the record's first byte, 0 when wrapped to nothing
     */
    public final long address()
    {
        return address;
    }

    /**
     * Ends the view's validity; called behind {@link DebugMode#ENABLED} only.
     *
     * @param operator whose callback has returned, for the message of a late access
     */
    public final void release(final String operator)
    {
        address = 0;
        generation++;
        releasedBy = operator;
    }

    /**
     * Zeroes the fixed fields and their padding. Whoever claims memory that held another record calls it before the
     * fields are written: fields that are not written are then 0 or empty, variable bytes start out empty, and equal
     * content is equal bytes.
     */
    public final void clear()
    {
        if (DebugMode.ENABLED)
        {
            checkAccess("clear");
        }
        FieldCodec.zero(address, blockLength());
    }

    /**
     * @return bytes that this record takes: {@link #blockLength()}, and the variable bytes where its type has some
     */
    public int encodedLength()
    {
        return blockLength();
    }

    /**
     * @return bytes of the fixed fields
     */
    public abstract int blockLength();

    /**
     * @return what the record is made of
     */
    public abstract RecordType<?, ?> type();

    /**
     * Fails when the view is not on a record. Generated accessors call it behind {@link DebugMode#ENABLED}.
     *
     * @param field that is being read or written
     */
    protected final void checkAccess(final String field)
    {
        if (address == 0)
        {
            throw notOnRecord(field);
        }
        if (owner != null)
        {
            owner.checkView(field, ownerGeneration);
        }
    }

    /**
     * Fails when the record would outgrow the span that it was wrapped with. Generated setters of variable bytes call
     * it behind {@link DebugMode#ENABLED}.
     *
     * @param field  that is being written
     * @param length of the record afterwards, in bytes
     */
    protected final void checkSpan(final String field, final int length)
    {
        if (length > spanLength)
        {
            throw new IllegalStateException("field=" + field + " of record=" + type().name() + " needs encodedLength=" +
                length + ", the record was wrapped with length=" + spanLength + ": wrap it with maxLength=" +
                type().maxLength() + " bytes to write it");
        }
    }

    /**
     * Moves the flyweight of a nested record to where this record has it. Generated getters call it.
     *
     * @param nested of the field
     * @param offset of the field
     */
    protected final void wrapField(final Flyweight nested, final int offset)
    {
        final long nestedAddress = address + offset;
        if (DebugMode.ENABLED)
        {
            if (nested.address != nestedAddress || nested.owner != this || nested.ownerGeneration != generation)
            {
                nested.moved(nested.blockLength());
                nested.owner = this;
                nested.ownerGeneration = generation;
            }
        }
        nested.address = nestedAddress;
    }

    final int generation()
    {
        return generation;
    }

    final void checkView(final String field, final int viewGeneration)
    {
        checkAccess(field);
        if (viewGeneration != generation)
        {
            throw new IllegalStateException("field=" + field + " of record=" + type().name() +
                " accessed through a view of an earlier record: take the view again after the flyweight has moved, " +
                "or keep a copy");
        }
    }

    private void moved(final int length)
    {
        spanLength = length;
        generation++;
        owner = null;
        releasedBy = null;
    }

    private IllegalStateException notOnRecord(final String field)
    {
        return new IllegalStateException("field=" + field + " of record=" + type().name() +
            (releasedBy == null ? " accessed before the view was set on a record: wrap it first" :
            " accessed after the callback returned: operator=" + releasedBy +
            ": a view is valid only during the callback, keep a copy made with toValue()"));
    }

    private IllegalStateException shorterThanBlock(final int length)
    {
        return new IllegalStateException(
            "length=" + length + " is shorter than blockLength=" + blockLength() + " of record=" + type().name() +
            ": the record was written with an older or another schema");
    }
}
