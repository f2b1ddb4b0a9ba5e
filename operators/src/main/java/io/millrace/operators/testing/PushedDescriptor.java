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
package io.millrace.operators.testing;

/**
 * Layout of what a {@link TestInput} sends through its source: a record, or the watermark that a record carries.
 * <pre>
 *    0               8               16              24
 *   +---------------+---------------+---------------+-------------
 *   |     stamp     |   timestamp   |  1: watermark | record ...
 *   +---------------+---------------+---------------+-------------
 * </pre>
 * The stamp is what the engine takes for event time: one more than the watermark.
 */
public final class PushedDescriptor
{
    /** Offset of the stamp, a long. */
    public static final int STAMP_OFFSET = 0;
    /** Offset of the timestamp, a long; of the watermark, where it is one. */
    public static final int TIMESTAMP_OFFSET = 8;
    /** Offset of 1 for a watermark, 0 for a record: a long. */
    public static final int WATERMARK_OFFSET = 16;
    /** Offset of the record. */
    public static final int RECORD_OFFSET = 24;

    private PushedDescriptor()
    {
    }
}
