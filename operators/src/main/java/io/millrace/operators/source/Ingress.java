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
package io.millrace.operators.source;

import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.StreamSource;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RingProducer;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * A source that a thread of the application publishes into: without allocation, without a lock, without I/O, and
 * without ever waiting; when the engine is behind, the application is told that it is full. The thread touches
 * anonymous memory only.
 *
 * <pre>
 *   application thread                                          engine
 *   claim() --fields--&gt; commit() ... --&gt; publish()  |ring|  --&gt; source task: journal it, stamp it, emit it
 *   durablePosition() &lt;---------------------------------------- up to here it will survive
 *
 *   final TradeFlyweight trade = ingress.claim();
 *   if (trade == null) { ... full: come back, or drop and count ... }
 *   trade.time(now).price(price);
 *   ingress.commit();
 *   ingress.publish();                      // once for several records, if they come several at a time
 * </pre>
 *
 * {@link #claim}, {@link #commit}, {@link #publish}, {@link #offer} and {@link #end} are for one thread at a time;
 * several threads take an ingress each, and union the streams. The positions may be read by any thread. One running job
 * at a time reads an ingress, in one instance.
 * <p>
 * Without a journal (see {@link io.millrace.core.runtime.JobConfig#journaling}) a record is seen once at most: what the
 * engine had taken since the checkpoint that it restarts from is not seen again, and counted as {@code
 * recordsNotReplayed} where that is known. With one, what is durable is processed exactly once.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes them
 */
public final class Ingress<V, W extends Flyweight> implements StreamSource<V>, AutoCloseable
{
    private final RecordType<V, W> type;
    private final IngressChannel channel;
    private final RingProducer producer;
    private final int recordSlots;
    private final int slotLength;
    private final boolean fixedLength;
    private W flyweight;
    private long claimed;
    private long committed;
    private long position;
    private boolean closed;

    private Ingress(final RecordType<V, W> type, final int capacitySlots)
    {
        this.type = type;
        this.channel = new IngressChannel("ingress of " + type, type, capacitySlots);
        this.producer = channel.ring().producer();
        this.recordSlots = channel.recordSlots();
        this.slotLength = channel.ring().slotLength();
        this.fixedLength = type.fixedLength();
        this.flyweight = type.newFlyweight();
    }

    /**
     * An ingress, with its memory.
     *
     * @param type          of the records
     * @param capacitySlots of its ring, a power of two; a record takes one, or several when it may be longer than 992
     *                      bytes
     * @param <V>           read-only view of the records
     * @param <W>           flyweight that writes them
     * @return the ingress, to be closed by the caller
     * @throws IllegalArgumentException when the capacity cannot be
     */
    public static <V, W extends Flyweight> Ingress<V, W> create(final RecordType<V, W> type, final int capacitySlots)
    {
        return new Ingress<>(Objects.requireNonNull(type, "type"), capacitySlots);
    }

    /**
     * A record to write. Nobody sees it before {@link #commit()} and {@link #publish()}; claiming again without commit
     * starts it over.
     *
     * @return flyweight on a record whose fields are all zero, valid until the commit; null when the ring is full, and
     *     then everything committed has been published
     * @throws IllegalStateException after {@link #end()} or {@link #close()}
     */
    public W claim()
    {
        if (closed || channel.ended())
        {
            throw ended();
        }
        final long slot = recordSlots == 1 ? producer.claim() : producer.claim(recordSlots);
        claimed = slot;
        if (slot == 0)
        {
            publish();
            return null;
        }
        Memory.zero(slot, SlotDescriptor.HEADER_LENGTH + type.blockLength());
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, type.blockLength());
        if (DebugMode.ENABLED)
        {
            flyweight = type.newFlyweight();
        }
        final long record = slot + SlotDescriptor.HEADER_LENGTH;
        if (fixedLength)
        {
            flyweight.wrapUnchecked(record);
        }
        else
        {
            flyweight.wrap(record, type.maxLength());
        }
        return flyweight;
    }

    /**
     * Makes the claimed record part of the batch.
     *
     * @throws IllegalStateException when none is claimed
     */
    public void commit()
    {
        final long slot = claimed;
        if (slot == 0)
        {
            throw new IllegalStateException(channel.name() +
                " has no claimed record to commit: commit once after each claim() that is not null");
        }
        claimed = 0;
        if (fixedLength && recordSlots == 1)
        {
            producer.commit();
        }
        else
        {
            final int length = flyweight.encodedLength();
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, length);
            producer.commit((SlotDescriptor.HEADER_LENGTH + length + slotLength - 1) / slotLength);
        }
        committed++;
        if (DebugMode.ENABLED)
        {
            flyweight.release(channel.name());
        }
    }

    /**
     * Shows the batch to the engine, with one ordered store.
     *
     * @return {@link #position()} after it
     */
    public long publish()
    {
        producer.publish();
        position = committed;
        return position;
    }

    /**
     * Claims, writes and publishes one record.
     *
     * @param writer writes the fields; use one that captures nothing, or the same object again, to allocate nothing
     * @return false when the ring is full and nothing was published
     */
    public boolean offer(final Consumer<? super W> writer)
    {
        final W record = claim();
        if (record == null)
        {
            return false;
        }
        writer.accept(record);
        commit();
        publish();
        return true;
    }

    /**
     * What has been published.
     *
     * @return number of records published into this object; for the publishing thread
     */
    public long position()
    {
        return position;
    }

    /**
     * Up to where what was published is safe: without a journal what the engine has taken, with one what survives as
     * the job's durability promises. Any thread; an acquiring read.
     *
     * @return number of records of this object, from the first one on; at most {@link #position()}
     */
    public long durablePosition()
    {
        return channel.durable();
    }

    /**
     * How many records of earlier processes the journal brought back: where an application that numbers its input goes
     * on. Any thread; an acquiring read.
     *
     * @return the number, counted from the job's very first record; -1 until the journal has been replayed, or without
     *     one
     */
    public long recoveredPosition()
    {
        return channel.recovered();
    }

    /**
     * Ends the stream: publishes what is committed; nothing can be claimed afterwards. Called again it does nothing.
     */
    public void end()
    {
        if (!closed && !channel.ended())
        {
            claimed = 0;
            publish();
            channel.end();
        }
    }

    /**
     * Ends the stream and gives up the memory, which is freed when no job reads it any more.
     */
    @Override
    public void close()
    {
        if (!closed)
        {
            end();
            closed = true;
            channel.release();
        }
    }

    /**
     * Off-heap memory that the ingress holds.
     *
     * @return in bytes; 0 once it is closed and no job reads it
     */
    public long offHeapBytes()
    {
        return channel.offHeapBytes();
    }

    private IllegalStateException ended()
    {
        return new IllegalStateException(channel.name() + " has " + (closed ? "been closed" : "ended") +
            ": nothing can be published any more, create another one");
    }

    @Override
    public RecordType<V, ?> type()
    {
        return type;
    }

    @Override
    public OperatorFactory<Source> factory()
    {
        return OperatorFactory.of(IngressSource.class, channel, type);
    }

    @Override
    public boolean parallel()
    {
        return false;
    }

    @Override
    public String toString()
    {
        return channel.name() + " published=" + position + " durable=" + durablePosition();
    }
}
