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

/**
 * Layout of what a pattern keeps of a key: a block, in a row under the key, and pages, in rows under the key and the
 * page's number from 1, once the block is full. Both are divided into units, a bit for each says whether it is used. A cell
 * takes as many units side by side as it needs; its number is that of its first unit, and of the page it is in, plus 1: 0
 * is none.
 * <pre>
 *   cell:   | page, 0 for the block: 26 bits | unit: 6 bits |  + 1
 *
 *   block                                     page
 *    0 time that the key is due                0 units that are used, a bit each
 *    8 earliest time it is queued for          8 cells
 *   16 another time it is queued for
 *   24 records processed                      cell of a record: it waits, then it is in matches
 *   32 first that waits | last that waits      0 next | before            references
 *   40 first partial    | first complete       8 time
 *   48 events           | pages               16 cause                    order among those processed
 *   56 first page with room for a record,     24 fields
 *      node, partial match: 4 bytes each
 *   68 pad                                    cell of a node: a record in a match
 *   72 units that are used, a bit each         0 record | node before
 *   80 cells                                   8 references | step
 *                                             16 records up to here | first record
 *
 *                                             cell of a partial match
 *                                              0 next in the list | node it ends at
 *                                              8 state
 * </pre>
 * What is free is neither zeroed nor read.
 */
final class BlockDescriptor
{
    static final int DUE = 0;
    static final int QUEUED = 8;
    static final int ALSO_QUEUED = 16;
    static final int PROCESSED = 24;
    static final int FIRST_WAITING = 32;
    static final int LAST_WAITING = 36;
    static final int FIRST_PARTIAL = 40;
    static final int FIRST_COMPLETE = 44;
    static final int EVENTS = 48;
    static final int PAGES = 52;
    static final int ROOM = 56;
    static final int BLOCK_USED = 72;
    static final int BLOCK_CELLS = 80;

    static final int PAGE_USED = 0;
    static final int PAGE_CELLS = 8;

    static final int NEXT_WAITING = 0;
    static final int WAITING_BEFORE = 4;
    static final int EVENT_REFERENCES = 0;
    static final int TIME = 8;
    static final int CAUSE = 16;
    static final int ORDER = 16;
    static final int FIELDS = 24;

    static final int EVENT = 0;
    static final int NODE_BEFORE = 4;
    static final int NODE_REFERENCES = 8;
    static final int STAGE = 12;
    static final int LENGTH = 16;
    static final int FIRST_EVENT = 20;
    static final int NODE_LENGTH = 24;

    static final int NEXT = 0;
    static final int NODE = 4;
    static final int STATE = 8;
    static final int PARTIAL_LENGTH = 16;

    private BlockDescriptor()
    {
    }
}
