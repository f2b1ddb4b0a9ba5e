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

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * CP-2 at a merge that takes what has arrived. (One that merges by cause takes nothing behind a barrier before the
 * others' barriers in any case.)
 */
class BarrierAlignmentTest
{
    private static final int RECORDS = 200;

    private final MemoryAccount account = new MemoryAccount("test");
    private final RecordRing[] rings = new RecordRing[2];
    private ArrivalMerge merge;

    @BeforeEach
    void open()
    {
        final InputChannel[] channels = new InputChannel[rings.length];
        for (int i = 0; i < rings.length; i++)
        {
            rings[i] = RecordRing.create(account, "ring-" + i, 1024, 64, 1);
            channels[i] = new InputChannel(i, i, rings[i].consumer(0), 1);
        }
        merge = new ArrivalMerge(channels);
    }

    @AfterEach
    void close()
    {
        merge.close();
        for (final RecordRing ring : rings)
        {
            ring.close();
        }
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldFollowCP2AndTakeNothingBehindABarrierBeforeAllHaveBroughtIt()
    {
        barrier(0, 7);
        data(0, 2);
        data(1, 3);
        assertEquals(List.of("barrier", "3"), taken());
        assertTrue(merge.aligning());
        barrier(1, 7);
        assertEquals(List.of("barrier aligned", "2"), taken());
        assertFalse(merge.aligning());
    }

    @Test
    void shouldFollowCP4AndGoOnWithoutTheOthersWhenTheCheckpointIsGivenUp()
    {
        barrier(0, 7);
        data(0, 2);
        assertEquals(List.of("barrier"), taken());
        merge.unblock();
        assertEquals(List.of("2"), taken());
        assertTrue(merge.aligning());
        barrier(1, 7);
        assertEquals(List.of("barrier aligned"), taken());
        barrier(1, 8);
        data(1, 4);
        assertEquals(List.of("barrier"), taken(), "the next one blocks again");
        barrier(0, 8);
        assertEquals(List.of("barrier aligned", "4"), taken());
    }

    @Test
    void shouldFollowCP2WithAChannelThatEndsBehindItsBarrier()
    {
        merge.blocking(false);
        barrier(0, 7);
        end(0);
        assertEquals(List.of("barrier", "end"), taken());
        barrier(1, 7);
        end(1);
        assertEquals(List.of("barrier aligned", "end ending"), taken());
    }

    @Test
    void shouldFollowCP2WithAChannelThatEndsInPlaceOfItsBarrier()
    {
        barrier(0, 7);
        data(0, 2);
        end(1);
        assertEquals(List.of("barrier", "end aligned", "2"), taken());
    }

    /** Records that are in the snapshot though their source reads them again: some at least once, none exactly once. */
    @Test
    void shouldFollowCP2WithDuplicatesAtLeastOnceAndNoneExactlyOnce()
    {
        assertEquals(0, duplicates(true, 5));
        close();
        open();
        assertTrue(duplicates(false, 5) > 0);
    }

    private int duplicates(final boolean aligned, final long seed)
    {
        merge.blocking(aligned);
        final Random random = new Random(seed);
        final int[] next = new int[2];
        final int[] barrierAt = {RECORDS / 2, RECORDS / 2};
        final List<Integer> processed = new ArrayList<>();
        List<Integer> snapshot = null;
        while (snapshot == null)
        {
            final int channel = random.nextInt(10) == 0 ? 1 : 0;
            if (next[channel] < RECORDS)
            {
                if (next[channel] == barrierAt[channel])
                {
                    barrier(channel, 9);
                }
                data(channel, next[channel] * 2 + channel);
                next[channel]++;
            }
            for (final String item : taken())
            {
                if (item.equals("barrier aligned"))
                {
                    snapshot = List.copyOf(processed);
                }
                else if (!item.startsWith("barrier"))
                {
                    processed.add(Integer.parseInt(item));
                }
            }
        }
        // The restart: what is in the snapshot, and what the sources read again from their barriers on.
        final List<Integer> after = new ArrayList<>(snapshot);
        for (int channel = 0; channel < 2; channel++)
        {
            for (int i = barrierAt[channel]; i < RECORDS; i++)
            {
                after.add(i * 2 + channel);
            }
        }
        assertTrue(after.containsAll(IntStream.range(0, 2 * RECORDS).boxed().toList()), "none is lost");
        taken();
        return after.size() - 2 * RECORDS;
    }

    private List<String> taken()
    {
        final List<String> taken = new ArrayList<>();
        for (int slots = merge.next(); slots != 0; slots = merge.next())
        {
            final String state = (merge.aligned() ? " aligned" : "") + (merge.ending() ? " ending" : "");
            taken.add(switch (merge.kind())
            {
                case SlotDescriptor.KIND_BARRIER -> "barrier" + state;
                case SlotDescriptor.KIND_END_OF_STREAM -> "end" + state;
                default -> Long.toString(Memory.getLong(merge.address() + SlotDescriptor.HEADER_LENGTH));
            });
            merge.consume(1);
            merge.release();
        }
        return taken;
    }

    private void data(final int channel, final long value)
    {
        final long slot = rings[channel].producer().claim();
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, Long.BYTES);
        SlotDescriptor.cause(slot, 1);
        Memory.putLong(slot + SlotDescriptor.HEADER_LENGTH, value);
        rings[channel].producer().commit();
        rings[channel].producer().publish();
    }

    private void barrier(final int channel, final long id)
    {
        assertTrue(rings[channel].producer().control(SlotDescriptor.KIND_BARRIER, id, 1, 0));
        rings[channel].producer().publish();
    }

    private void end(final int channel)
    {
        assertTrue(rings[channel].producer().control(SlotDescriptor.KIND_END_OF_STREAM, 0, 1, 0));
        rings[channel].producer().publish();
    }
}
