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
package io.millrace.core.state;

import io.millrace.memory.record.RecordType;

import java.util.Objects;

/**
 * What a savepoint must know of a state beyond its name and its lengths, said with {@link StateBackend#describe} before the
 * state is declared. What nobody says is {@link #WHOLE_KEY}.
 * <pre>
 *   key    [ the stream's key, streamKeyLength bytes ][ what tells its entries apart ]
 *   value  [ recordOffset bytes ][ one record of recordType ][ ... ]
 * </pre>
 *
 * @param placement       what becomes of the entries when the parallelism changes
 * @param streamKeyLength bytes of the stream's key at the beginning of a key; 0 when that is all of it
 * @param recordType      of the record in each value, so that fields may be appended to it; null when there is none, or
 *                        several
 * @param recordOffset    of the record in a value
 */
public record StateForm(StatePlacement placement, int streamKeyLength, RecordType<?, ?> recordType, int recordOffset)
{
    /** Keys are the stream's keys, values are bytes. */
    public static final StateForm WHOLE_KEY = new StateForm(StatePlacement.BY_KEY, 0, null, 0);

    /** Checks the values. */
    public StateForm
    {
        Objects.requireNonNull(placement, "placement");
        if (streamKeyLength < 0 || recordOffset < 0)
        {
            throw new IllegalArgumentException("streamKeyLength=" + streamKeyLength + " and recordOffset=" + recordOffset +
                " must be 0 or more");
        }
    }

    /**
     * A state with several entries for each of the stream's keys.
     *
     * @param streamKeyLength bytes of the stream's key at the beginning of a key
     * @return the form
     */
    public static StateForm beginningWith(final int streamKeyLength)
    {
        return new StateForm(StatePlacement.BY_KEY, streamKeyLength, null, 0);
    }

    /**
     * A state that is not by key.
     *
     * @param placement of its entries
     * @return the form
     */
    public static StateForm placed(final StatePlacement placement)
    {
        return new StateForm(placement, 0, null, 0);
    }

    /**
     * Says that each value has a record.
     *
     * @param type   of the record, of fixed length
     * @param offset of the record in the value
     * @return the form with it
     */
    public StateForm withRecord(final RecordType<?, ?> type, final int offset)
    {
        return new StateForm(placement, streamKeyLength, type, offset);
    }
}
