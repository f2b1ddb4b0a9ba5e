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
package io.millrace.core.failure;

import io.millrace.memory.record.ByteView;
import io.millrace.memory.record.OffHeapRecord;
import io.millrace.memory.record.Utf8;
import io.millrace.memory.record.VarBytes;

/**
 * A record that an operator failed with, or what a source could not read as a record, or what a function failed to make of
 * the records of a window, a pair or a match: a firing. It has the timestamp and the cause of that record, or of what fired.
 * Texts that are too long are cut.
 */
@OffHeapRecord
public interface DeadLetter
{
    /** The most bytes of a record that are kept. */
    int MAX_BYTES = 4096;
    /** The most bytes of a name. */
    int MAX_NAME = 128;
    /** The most bytes of a message. */
    int MAX_MESSAGE = 512;
    /** The most bytes of a firing. */
    int MAX_FIRING = 512;
    /** The most bytes of a stack. */
    int MAX_STACK = 1024;

    /**
     * Position of the record: in the input of its source where the job has one source, its place in the order of all
     * records where it has several.
     *
     * @return the record's cause
     */
    long position();

    /**
     * Event time of the record.
     *
     * @return in the pipeline's unit, {@link Long#MIN_VALUE} when it has none
     */
    long timestamp();

    /**
     * Instance of the operator.
     *
     * @return from 0
     */
    int subtask();

    /**
     * How often the function was called with the record.
     *
     * @return 1 or more
     */
    int attempts();

    /**
     * How long the record is.
     *
     * @return in bytes; more than {@link #bytes()} has when it is longer than {@link #MAX_BYTES}
     */
    int recordLength();

    /**
     * Who failed.
     *
     * @return name of the operator or source
     */
    @Utf8(MAX_NAME)
    CharSequence operator();

    /**
     * What the bytes are.
     *
     * @return name of the record's type; empty for what a source could not read, and for a firing
     */
    @Utf8(MAX_NAME)
    CharSequence recordType();

    /**
     * What was thrown.
     *
     * @return name of its class
     */
    @Utf8(MAX_NAME)
    CharSequence error();

    /**
     * What was thrown, in its own words.
     *
     * @return its message; empty when there is none
     */
    @Utf8(MAX_MESSAGE)
    CharSequence message();

    /**
     * Where it was thrown.
     *
     * @return the stack from its top to the operator, a line a frame; empty when there is none
     */
    @Utf8(MAX_STACK)
    CharSequence stack();

    /**
     * The record.
     *
     * @return its bytes without header, to be wrapped by a flyweight of its type
     */
    @VarBytes(MAX_BYTES)
    ByteView bytes();

    /**
     * What could not be made: {@code window [0, 5) key=7}, with what else is known of it.
     *
     * @return text for people; empty for a record
     */
    @Utf8(MAX_FIRING)
    CharSequence firing();
}
