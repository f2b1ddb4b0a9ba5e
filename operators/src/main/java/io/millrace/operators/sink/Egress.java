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
package io.millrace.operators.sink;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RingConsumer;
import io.millrace.operators.sink.CallbackSink.IdentifiedSinkFunction;
import io.millrace.operators.sink.CallbackSink.SinkFunction;

import java.util.Objects;

/**
 * A sink that a thread of the application polls: without allocation, without a lock and without waiting. While it does
 * not poll and the ring is full, the stream stands still: nothing is dropped.
 *
 * <pre>
 *   engine                                          application thread
 *   stream --&gt; sink |ring of anonymous memory| --poll(handler, limit)--&gt; handler.accept(record)
 *
 *   while (!egress.ended())
 *   {
 *       if (egress.poll(vwap -&gt; book.update(vwap), 256) == 0) { ... nothing now: do something else ... }
 *   }
 * </pre>
 *
 * At least once: after a restart, records come again that came after the checkpoint; the identity says which (see
 * {@link #pollIdentified}). One running job at a time writes to an egress, in one instance; one thread at a time polls
 * it. Close the job first: a job that writes to a closed egress fails.
 *
 * @param <V> read-only view of the records
 */
public final class Egress<V> implements StreamSink<V>, AutoCloseable
{
    private final RecordType<V, ?> type;
    private final EgressChannel channel;
    private RingConsumer consumer;
    private final Metadata metadata = new Metadata();
    private Flyweight view;
    private boolean ended;
    private boolean closed;

    private Egress(final RecordType<V, ?> type, final int capacitySlots)
    {
        this.type = type;
        this.channel = new EgressChannel("egress of " + type, type, capacitySlots);
        this.consumer = channel.consumer();
        this.view = type.newFlyweight();
    }

    /**
     * An egress, with its memory.
     *
     * @param type          of the records
     * @param capacitySlots of its ring, a power of two; a record takes one, or several when it may be longer than 992
     *                      bytes
     * @param <V>           read-only view of the records
     * @return the egress, to be closed by the caller after the job
     * @throws IllegalArgumentException when the capacity cannot be
     */
    public static <V> Egress<V> create(final RecordType<V, ?> type, final int capacitySlots)
    {
        return new Egress<>(Objects.requireNonNull(type, "type"), capacitySlots);
    }

    /**
     * Hands over what is there.
     *
     * @param handler takes each record; one that throws has taken it
     * @param limit   the most records to hand over, above 0
     * @return number of records handed over; 0 when none is there now
     * @throws IllegalStateException after {@link #close()}
     */
    public int poll(final SinkFunction<? super V> handler, final int limit)
    {
        return poll(handler, null, limit);
    }

    /**
     * Hands over what is there, with what the engine knows of it.
     *
     * @param handler takes each record; one that throws has taken it
     * @param limit   the most records to hand over, above 0
     * @return number of records handed over; 0 when none is there now
     * @throws IllegalStateException after {@link #close()}
     */
    public int pollIdentified(final IdentifiedSinkFunction<? super V> handler, final int limit)
    {
        return poll(null, handler, limit);
    }

    private int poll(
        final SinkFunction<? super V> handler, final IdentifiedSinkFunction<? super V> identified, final int limit)
    {
        if (closed)
        {
            throw new IllegalStateException(channel.name() + " is closed: poll it before it is closed");
        }
        int handed = 0;
        try
        {
            while (handed < limit && (consumer.poll() > 0 || nextRing()))
            {
                if (consumer.poll() == 0)
                {
                    continue;
                }
                final long slot = consumer.address();
                if (SlotDescriptor.kind(slot) == SlotDescriptor.KIND_DATA)
                {
                    consumer.consume(channel.slots(slot));
                    handed++;
                    hand(handler, identified, slot);
                }
                else
                {
                    consumer.consume(1);
                    control(slot);
                }
            }
        }
        finally
        {
            consumer.release();
        }
        return handed;
    }

    /** After a restart of the job there is another ring behind the one that is polled. */
    private boolean nextRing()
    {
        if (!channel.nextRing())
        {
            return false;
        }
        consumer = channel.consumer();
        return true;
    }

    @SuppressWarnings("unchecked")
    private void hand(
        final SinkFunction<? super V> handler, final IdentifiedSinkFunction<? super V> identified, final long slot)
    {
        metadata.next(slot);
        if (DebugMode.ENABLED)
        {
            view = type.newFlyweight();
        }
        view.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        if (handler != null)
        {
            handler.accept((V)view);
        }
        else
        {
            identified.accept((V)view, metadata);
        }
        if (DebugMode.ENABLED)
        {
            view.release(channel.name());
        }
    }

    private void control(final long slot)
    {
        if (SlotDescriptor.kind(slot) == EgressChannel.KIND_RESUME)
        {
            metadata.resume(SlotDescriptor.cause(slot), (int)SlotDescriptor.timestamp(slot));
            ended = false;
        }
        else if (SlotDescriptor.kind(slot) == SlotDescriptor.KIND_END_OF_STREAM)
        {
            ended = true;
        }
    }

    /**
     * Whether the stream has come to its end and everything was polled. A job that fails or is closed does not end its
     * streams: ask the job.
     *
     * @return true after the last record; for the polling thread
     */
    public boolean ended()
    {
        return ended;
    }

    /** Gives up the memory, which is freed when no job writes to it any more. */
    @Override
    public void close()
    {
        if (!closed)
        {
            closed = true;
            channel.closeReader();
        }
    }

    /**
     * Off-heap memory that the egress holds.
     *
     * @return in bytes; 0 once it is closed and no job writes to it
     */
    public long offHeapBytes()
    {
        return channel.offHeapBytes();
    }

    @Override
    @SuppressWarnings("unchecked")
    public OperatorFactory<Operator> factory(final RecordType<? extends V, ?> streamType)
    {
        if ((RecordType<?, ?>)streamType != type)
        {
            throw new IllegalArgumentException(channel.name() + " cannot take a stream of record=" + streamType +
                ": create it with the type of the stream");
        }
        return OperatorFactory.of(EgressOperator.class, channel, streamType);
    }

    @Override
    public boolean parallel()
    {
        return false;
    }

    @Override
    public String toString()
    {
        return channel.name();
    }

    /** What the engine knows of the record that is handed over; counts the records of each cause. */
    private static final class Metadata implements RecordMetadata
    {
        private long timestamp;
        private long cause = -1;
        private long ingressTime;
        private int ordinal = -1;

        private void next(final long slot)
        {
            final long newCause = SlotDescriptor.cause(slot);
            ordinal = newCause == cause ? ordinal + 1 : 0;
            cause = newCause;
            timestamp = SlotDescriptor.timestamp(slot);
            ingressTime = SlotDescriptor.ingressTime(slot);
        }

        private void resume(final long lastCause, final int lastOrdinal)
        {
            cause = lastCause;
            ordinal = lastOrdinal;
        }

        @Override
        public long timestamp()
        {
            return timestamp;
        }

        @Override
        public long cause()
        {
            return cause;
        }

        @Override
        public int ordinal()
        {
            return ordinal;
        }

        @Override
        public long ingressTime()
        {
            return ingressTime;
        }
    }
}
