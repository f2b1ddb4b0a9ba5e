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
package io.millrace.core.ordering;

/**
 * Layout of an entry in the {@link OrderLogRing}, on a cache line of its own since neighbours have different writers.
 *
 * <pre>
 *   0        8      9          12       16       20        24        32        40      64
 *   +--------+------+----------+--------+--------+---------+---------+---------+-------+
 *   | stamp  | kind | reserved | source | count  | reserved| value   | clock   |       |
 *   +--------+------+----------+--------+--------+---------+---------+---------+-------+
 *     batch + 1, written last
 * </pre>
 */
final class OrderLogDescriptor
{
    static final int STAMP_OFFSET = 0;
    static final int KIND_OFFSET = 8;
    static final int SOURCE_OFFSET = 12;
    static final int COUNT_OFFSET = 16;
    static final int VALUE_OFFSET = 24;
    static final int CLOCK_OFFSET = 32;
    static final int ENTRY_LENGTH = 64;

    private OrderLogDescriptor()
    {
    }
}
