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
package io.millrace.core.runtime;

import io.millrace.core.failure.DeadLetter;
import io.millrace.core.failure.DeadLetterFlyweight;
import io.millrace.core.failure.DeadLetterValue;
import io.millrace.core.failure.LatestDeadLetters;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.DeadLetterOutput;
import io.millrace.core.operator.Output;
import io.millrace.memory.Memory;
import io.millrace.memory.record.BytesValue;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/** Makes dead letters of one operator: counts them, shows the latest, and sends all to who takes them. */
final class DeadLetterWriter implements DeadLetterOutput
{
    private static final byte[] NO_BYTES = {};

    private final String operator;
    private final int subtask;
    private final Supplier<Output> output;
    private final LatestDeadLetters latest;
    private final Counter counter;

    /**
     * A writer.
     *
     * @param operator that fails
     * @param subtask  of the instance that writes
     * @param output   gives the output, or null when nobody takes them; asked when the task runs
     * @param latest   shows the latest
     * @param counter  of the dead letters
     */
    DeadLetterWriter(
        final String operator,
        final int subtask,
        final Supplier<Output> output,
        final LatestDeadLetters latest,
        final Counter counter)
    {
        this.operator = operator;
        this.subtask = subtask;
        this.output = output;
        this.latest = latest;
        this.counter = counter;
    }

    @Override
    public boolean put(final long slot, final RecordType<?, ?> type, final int attempts, final Throwable cause)
    {
        final int length = SlotDescriptor.length(slot);
        final byte[] bytes = new byte[Math.min(length, DeadLetter.MAX_BYTES)];
        Memory.copyOut(slot + SlotDescriptor.HEADER_LENGTH, bytes, 0, bytes.length);
        return put(new Origin(SlotDescriptor.cause(slot), SlotDescriptor.timestamp(slot),
            SlotDescriptor.ingressTime(slot)), type.name(), "", bytes, 0, length, attempts, cause);
    }

    @Override
    public boolean put(final long slot, final String firing, final int attempts, final Throwable cause)
    {
        return put(new Origin(SlotDescriptor.cause(slot), SlotDescriptor.timestamp(slot),
            SlotDescriptor.ingressTime(slot)), "", firing, NO_BYTES, 0, 0, attempts, cause);
    }

    @Override
    public boolean put(
        final long position,
        final byte[] bytes,
        final int offset,
        final int length,
        final int attempts,
        final Throwable cause)
    {
        return put(new Origin(position, Long.MIN_VALUE, System.nanoTime()), "", "", bytes, offset, length, attempts, cause);
    }

    private boolean put(
        final Origin origin,
        final String recordType,
        final String firing,
        final byte[] bytes,
        final int offset,
        final int length,
        final int attempts,
        final Throwable cause)
    {
        counter.increment();
        final DeadLetterValue letter = new DeadLetterValue(origin.position, origin.timestamp, subtask, attempts, length,
            bounded(operator, DeadLetter.MAX_NAME), bounded(recordType, DeadLetter.MAX_NAME),
            bounded(cause.getClass().getName(), DeadLetter.MAX_NAME), bounded(cause.getMessage(), DeadLetter.MAX_MESSAGE),
            bounded(stack(cause), DeadLetter.MAX_STACK),
            BytesValue.of(Arrays.copyOfRange(bytes, offset, offset + Math.min(length, DeadLetter.MAX_BYTES))),
            bounded(firing, DeadLetter.MAX_FIRING));
        latest.add(letter);
        final Output taken = output.get();
        return taken == null || send(taken, letter, origin);
    }

    private static boolean send(final Output taken, final DeadLetterValue letter, final Origin origin)
    {
        final long slot = taken.claim();
        Memory.putLong(slot + SlotDescriptor.TIMESTAMP_OFFSET, origin.timestamp);
        SlotDescriptor.cause(slot, origin.position);
        SlotDescriptor.ingressTime(slot, origin.ingressTime);
        final DeadLetterFlyweight flyweight = new DeadLetterFlyweight();
        final long record = slot + SlotDescriptor.HEADER_LENGTH;
        Memory.zero(record, DeadLetterFlyweight.BLOCK_LENGTH);
        flyweight.wrap(record, DeadLetterFlyweight.MAX_LENGTH);
        flyweight.set(letter);
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, flyweight.encodedLength());
        return taken.commit();
    }

    /** The frames down to the operator: what lies below them is the engine's, and another one in another run. */
    private String stack(final Throwable cause)
    {
        final StringBuilder text = new StringBuilder();
        for (final StackTraceElement frame : cause.getStackTrace())
        {
            if (text.length() > DeadLetter.MAX_STACK || operator.equals(frame.getClassLoaderName()))
            {
                break;
            }
            text.append(text.isEmpty() ? "" : "\n").append(frame);
        }
        return text.toString();
    }

    /** Cuts text to a number of bytes in UTF-8, between characters; what is no text is made some. */
    private static String bounded(final String text, final int bound)
    {
        if (text == null)
        {
            return "";
        }
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int end = Math.min(bytes.length, bound);
        while (end < bytes.length && end > 0 && (bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private record Origin(long position, long timestamp, long ingressTime)
    {
    }
}
