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

import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.core.testing.MessageFlyweight;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

class CheckpointDistanceTest
{
    private static final int RECORDS = 5_000;
    private static final long BYTES = 1_000;

    @Test
    void shouldFollowCP9AtTheSameRecordsHoweverTheSourceIsPolled()
    {
        final List<Integer> expected = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < RECORDS; i++)
        {
            bytes += length(i);
            if (bytes >= BYTES)
            {
                expected.add(i + 1);
                bytes = 0;
            }
        }
        for (long seed = 0; seed < 20; seed++)
        {
            assertEquals(expected, places(new Random(seed)), "seed=" + seed);
        }
    }

    @Test
    void shouldNotCountWhatTheSourceCannotTell()
    {
        final TellingSource source = new TellingSource();
        source.emittedBytes = -1;
        final MemoryAccount account = new MemoryAccount("test");
        final CheckpointDistance distance = new CheckpointDistance(new InMemoryCheckpoints(0).everyBytes(1)
            .open(new CheckpointContext("job", "", 0, account)), source, MessageFlyweight.TYPE);
        assertFalse(distance.tellsBytes());
        distance.emitted(1_000);
        assertFalse(distance.isReached());
    }

    private static List<Integer> places(final Random random)
    {
        final TellingSource source = new TellingSource();
        final CheckpointDistance distance = new CheckpointDistance(new InMemoryCheckpoints(0).everyBytes(BYTES)
            .open(new CheckpointContext("job", "", 0, new MemoryAccount("test"))), source, MessageFlyweight.TYPE);
        final List<Integer> places = new ArrayList<>();
        while (source.next < RECORDS)
        {
            final int count = Math.min(1 + random.nextInt(distance.limit(1 + random.nextInt(64))), RECORDS - source.next);
            source.emit(count);
            distance.emitted(count);
            if (distance.isReached())
            {
                places.add(source.next);
                distance.begun();
            }
        }
        return places;
    }

    private static int length(final int record)
    {
        return 1 + Math.floorMod(record * 7919, MessageFlyweight.TYPE.maxLength());
    }

    private static final class TellingSource implements Source
    {
        private int next;
        private long emittedBytes;

        void emit(final int count)
        {
            for (int i = 0; i < count; i++)
            {
                emittedBytes += length(next);
                next++;
            }
        }

        @Override
        public long emittedBytes()
        {
            return emittedBytes;
        }

        @Override
        public void open(final OperatorContext context)
        {
        }

        @Override
        public int poll(final SourceOutput output, final int limit)
        {
            return 0;
        }

        @Override
        public boolean finished()
        {
            return false;
        }

        @Override
        public void snapshot(final BlobWriter writer)
        {
        }

        @Override
        public void restore(final BlobReader reader)
        {
        }
    }
}
