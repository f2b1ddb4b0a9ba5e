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
package io.millrace.operators.pattern;

import io.millrace.memory.record.SlotDescriptor;

/**
 * Layout of the rows that a pattern's state consists of. Heads are found by the record's key; all other rows by a number
 * of their own, see {@link RowNumbers}. A number of 0 is none.
 * <pre>
 *   head of a key          event: a record         node: a record in a match    partial match
 *    0 time it is due       0 references, pad       0 event                      0 next in the list
 *    8 first partial        8 next that waits       8 node before                8 node
 *   16 first complete one  16 the one before       16 order of the record       16 time of first record
 *   24 first that waits    24 slot: header, then   24 references | step         24 time of last record
 *   32 last that waits        fields               32 records up to here, pad   32 order of first record
 *   40 records processed                                                        40 state | records
 *   48 highest number
 *   56 events | partials
 * </pre>
 */
final class RowDescriptor
{
    static final int DUE = 0;
    static final int FIRST_PARTIAL = 8;
    static final int FIRST_COMPLETE = 16;
    static final int FIRST_WAITING = 24;
    static final int LAST_WAITING = 32;
    static final int PROCESSED = 40;
    static final int HIGHEST_NUMBER = 48;
    static final int EVENTS = 56;
    static final int PARTIALS = 60;
    static final int HEAD_LENGTH = 64;

    static final int EVENT_REFERENCES = 0;
    static final int NEXT_WAITING = 8;
    static final int WAITING_BEFORE = 16;
    static final int SLOT = 24;
    /** Bytes of an event's row besides the fields of the record. */
    static final int EVENT_LENGTH = SLOT + SlotDescriptor.HEADER_LENGTH;

    static final int EVENT = 0;
    static final int NODE_BEFORE = 8;
    static final int ORDER = 16;
    static final int NODE_REFERENCES = 24;
    static final int STAGE = 28;
    static final int LENGTH = 32;
    static final int NODE_LENGTH = 40;

    static final int NEXT = 0;
    static final int NODE = 8;
    static final int START_TIME = 16;
    static final int PREVIOUS_TIME = 24;
    static final int START_ORDER = 32;
    static final int STATE = 40;
    static final int RECORDS = 44;
    static final int PARTIAL_LENGTH = 48;

    private RowDescriptor()
    {
    }
}
