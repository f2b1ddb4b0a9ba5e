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
package io.millrace.core.testing;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What an operator is put through: records, watermarks and ticks of processing time, in their order. The end of the input,
 * with its watermark of {@link Long#MAX_VALUE}, follows by itself. Records are kept as bytes on the heap, so a script needs
 * not be closed.
 */
public final class Script
{
    private final List<ScriptElement> elements;

    /** An empty script. */
    public Script()
    {
        this(new ArrayList<>());
    }

    private Script(final List<ScriptElement> elements)
    {
        this.elements = elements;
    }

    /**
     * Adds a record of the only, or first, input.
     *
     * @param type      of the record
     * @param timestamp event time
     * @param record    writes the fields; those not written are 0
     * @param <W>       flyweight that writes the record
     * @return this
     */
    public <W extends Flyweight> Script push(
        final RecordType<?, W> type, final long timestamp, final Consumer<? super W> record)
    {
        return push(0, type, timestamp, record);
    }

    /**
     * Adds a record of one of several inputs.
     *
     * @param input     index of the input, from 0
     * @param type      of the record
     * @param timestamp event time
     * @param record    writes the fields; those not written are 0
     * @param <W>       flyweight that writes the record
     * @return this
     */
    public <W extends Flyweight> Script push(
        final int input, final RecordType<?, W> type, final long timestamp, final Consumer<? super W> record)
    {
        try (Region region = Region.allocate(new MemoryAccount("script"), "record", type.maxLength()))
        {
            final W flyweight = type.newFlyweight();
            flyweight.wrapUnchecked(region.address());
            record.accept(flyweight);
            final byte[] bytes = new byte[type.fixedLength() ? type.blockLength() : flyweight.encodedLength()];
            Memory.copyOut(region.address(), bytes, 0, bytes.length);
            elements.add(new ScriptElement(
                input, timestamp, bytes, (input == 0 ? "" : "input " + input + ": ") + flyweight + " @" + timestamp));
        }
        return this;
    }

    /**
     * Adds a watermark.
     *
     * @param timestamp of the watermark, of all inputs together; above the one before
     * @return this
     */
    public Script watermark(final long timestamp)
    {
        if (timestamp <= watermark())
        {
            throw new IllegalArgumentException("watermark=" + timestamp + " of a script does not grow from watermark=" +
                watermark() + ": leave it out, the engine would");
        }
        elements.add(ScriptElement.watermark(timestamp));
        return this;
    }

    /**
     * The last watermark.
     *
     * @return its timestamp, {@link Long#MIN_VALUE} before the first
     */
    public long watermark()
    {
        return elements.stream().filter(ScriptElement::isWatermark).mapToLong(ScriptElement::timestamp).max()
            .orElse(Long.MIN_VALUE);
    }

    /**
     * Adds a tick of the clock, which stands at 0 before the first. Records that come behind it, in every mode, come at that
     * time.
     *
     * @param time processing time, above that of the tick before
     * @return this
     */
    public Script processingTime(final long time)
    {
        final long before = elements.stream().filter(ScriptElement::isTick).mapToLong(ScriptElement::timestamp).max().orElse(0);
        if (time <= before)
        {
            throw new IllegalArgumentException("time=" + time + " of a script's clock does not grow from time=" + before +
                ": leave it out, the engine would");
        }
        elements.add(ScriptElement.tick(time));
        return this;
    }

    List<ScriptElement> elements()
    {
        return elements;
    }

    /**
     * The same records in another order, such that none becomes late. Watermarks, ticks and records that are late already stay
     * where they are.
     *
     * @param keepTies whether records of the same timestamp keep their order
     */
    Script shuffled(final SplittableRandom random, final boolean keepTies)
    {
        final List<ScriptElement> shuffled = new ArrayList<>(elements);
        final List<Integer> places = new ArrayList<>();
        long watermark = Long.MIN_VALUE;
        for (int i = 0; i < elements.size(); i++)
        {
            final ScriptElement element = elements.get(i);
            if (!element.isRecord())
            {
                shuffle(shuffled, places, random, keepTies);
                watermark = element.isWatermark() ? element.timestamp() : watermark;
            }
            else if (element.timestamp() > watermark)
            {
                places.add(i);
            }
        }
        shuffle(shuffled, places, random, keepTies);
        return new Script(shuffled);
    }

    private static void shuffle(
        final List<ScriptElement> elements,
        final List<Integer> places,
        final SplittableRandom random,
        final boolean keepTies)
    {
        final List<Integer> order = new ArrayList<>(places);
        for (int i = order.size() - 1; i > 0; i--)
        {
            final int other = random.nextInt(i + 1);
            final Integer place = order.get(i);
            order.set(i, order.get(other));
            order.set(other, place);
        }
        if (keepTies)
        {
            restoreTies(elements, places, order);
        }
        final List<ScriptElement> moved = order.stream().map(elements::get).toList();
        for (int i = 0; i < moved.size(); i++)
        {
            elements.set(places.get(i), moved.get(i));
        }
        places.clear();
    }

    /** Deals the records of each timestamp anew over the turns that they got, in their old order. */
    private static void restoreTies(
        final List<ScriptElement> elements, final List<Integer> places, final List<Integer> order)
    {
        final List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < order.size(); i++)
        {
            turns.add(i);
        }
        turns.sort(Comparator.comparingLong(turn -> elements.get(order.get(turn)).timestamp()));
        final List<Integer> byTime = new ArrayList<>(places);
        byTime.sort(Comparator.comparingLong(place -> elements.get(place).timestamp()));
        for (int i = 0; i < turns.size(); i++)
        {
            order.set(turns.get(i), byTime.get(i));
        }
    }

    /** The elements up to one of them, for people: the last of these in full. */
    String upTo(final int last)
    {
        final int shown = 40;
        final int end = Math.min(last, elements.size() - 1);
        final int first = Math.max(0, end + 1 - shown);
        final StringBuilder text = new StringBuilder();
        if (first > 0)
        {
            text.append("  ... ").append(first).append(" before\n");
        }
        for (int i = first; i <= end; i++)
        {
            text.append("  #").append(i).append(' ').append(elements.get(i)).append('\n');
        }
        return text.append(last >= elements.size() ? "  end of the input" : "").toString();
    }

    @Override
    public String toString()
    {
        return upTo(elements.size());
    }
}
