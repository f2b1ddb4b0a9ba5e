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

import io.millrace.memory.record.SlotDescriptor;

/**
 * A place in the input, up to which a replay goes.
 *
 * @param kind   how it is given
 * @param source name of the source, for {@link Kind#RECORD}; else null
 * @param value  checkpoint id, cause, or number of records of the source
 */
public record ReplayPosition(Kind kind, String source, long value)
{
    /** How a place is given. */
    public enum Kind
    {
        /** As far as the run went. */
        END,
        /** The barrier of a checkpoint. */
        CHECKPOINT,
        /** The record that has a cause. */
        CAUSE,
        /** So many records of a source, counted from the start of its journal. */
        RECORD
    }

    /** As far as the recorded run went. */
    public static final ReplayPosition END = new ReplayPosition(Kind.END, null, 0);

    /**
     * The barrier of a checkpoint.
     *
     * @param id of a checkpoint that is kept, or whose hashes are
     * @return the place
     */
    public static ReplayPosition checkpoint(final long id)
    {
        return new ReplayPosition(Kind.CHECKPOINT, null, id);
    }

    /**
     * Behind the record with a cause, as output journals and reports have it.
     *
     * @param cause of the record
     * @return the place
     */
    public static ReplayPosition cause(final long cause)
    {
        return new ReplayPosition(Kind.CAUSE, null, cause);
    }

    /**
     * Behind so many records of a source.
     *
     * @param source name of the source
     * @param count  of records from the start of its journal
     * @return the place
     */
    public static ReplayPosition record(final String source, final long count)
    {
        return new ReplayPosition(Kind.RECORD, source, count);
    }

    /**
     * Reads a place from text.
     *
     * @param text {@code end}, {@code checkpoint:12}, {@code cause:4711.3} (batch or frame, and index), {@code cause:N} as
     *             one number, or {@code trades:1000} for so many records of the source {@code trades}
     * @return the place
     * @throws IllegalArgumentException when the text is none of these
     */
    public static ReplayPosition parse(final String text)
    {
        final int colon = text.lastIndexOf(':');
        try
        {
            if ("end".equals(text))
            {
                return END;
            }
            final String kind = text.substring(0, Math.max(0, colon));
            final String value = text.substring(colon + 1);
            return switch (kind)
            {
                case "checkpoint" -> checkpoint(Long.parseLong(value));
                case "cause" -> cause(parseCause(value));
                default -> record(kind, Long.parseLong(value));
            };
        }
        catch (final NumberFormatException exception)
        {
            throw new IllegalArgumentException("position=" + text +
                " must be end, checkpoint:ID, cause:BATCH.INDEX, cause:NUMBER or SOURCE:RECORDS", exception);
        }
    }

    private static long parseCause(final String value)
    {
        final int dot = value.indexOf('.');
        return dot < 0 ? Long.parseLong(value) :
            Long.parseLong(value.substring(0, dot)) << SlotDescriptor.CAUSE_INDEX_BITS | Long.parseLong(value.substring(dot + 1));
    }

    /** A cause for people: batch or frame, and index in it. */
    static String text(final long cause)
    {
        return cause < 0 ? "start" :
            (cause >>> SlotDescriptor.CAUSE_INDEX_BITS) + "." + (cause & SlotDescriptor.MAX_BATCH_RECORDS);
    }

    @Override
    public String toString()
    {
        return switch (kind)
        {
            case END -> "end";
            case CHECKPOINT -> "checkpoint:" + value;
            case CAUSE -> "cause:" + text(value);
            case RECORD -> source + ":" + value;
        };
    }
}
