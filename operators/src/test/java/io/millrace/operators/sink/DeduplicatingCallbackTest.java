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
import io.millrace.core.testing.CrashPoints;
import io.millrace.core.testing.SinkContract;
import io.millrace.core.testing.SinkSubject;
import io.millrace.core.testing.SinkVisibility;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeduplicatingCallbackTest
{
    private final List<String> taken = new ArrayList<>();

    private record Identity(long cause, int ordinal) implements RecordMetadata
    {
        @Override
        public long timestamp()
        {
            return 0;
        }

        @Override
        public long ingressTime()
        {
            return 0;
        }
    }

    /** One life of a sink: the same object, which moves. */
    private static final class Life implements RecordMetadata
    {
        private long cause;
        private int ordinal;

        Life at(final long newCause, final int newOrdinal)
        {
            cause = newCause;
            ordinal = newOrdinal;
            return this;
        }

        @Override
        public long timestamp()
        {
            return 0;
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
            return 0;
        }
    }

    @Test
    void shouldHandOnEachIdentityOnce()
    {
        final DeduplicatingCallback<String> callback = DeduplicatingCallback.of((record, metadata) -> taken.add(record));
        final Life first = new Life();
        callback.accept("a", first.at(1, 0));
        callback.accept("b", first.at(1, 1));
        callback.accept("c", first.at(5, 0));
        final Life second = new Life();
        callback.accept("b", second.at(1, 1));
        callback.accept("c", second.at(5, 0));
        callback.accept("d", second.at(5, 1));
        assertEquals(List.of("a", "b", "c", "d"), taken);
        assertEquals(2, callback.dropped());
        assertEquals(5, callback.cause());
        assertEquals(1, callback.ordinal());
    }

    @Test
    void shouldGoOnAfterAnIdentityThatWasStored()
    {
        final DeduplicatingCallback<String> callback =
            DeduplicatingCallback.after(5, 0, (record, metadata) -> taken.add(record));
        callback.accept("b", new Identity(1, 1));
        callback.accept("c", new Identity(5, 0));
        callback.accept("d", new Identity(5, 1));
        assertEquals(List.of("d"), taken);
    }

    @Test
    void shouldHandOnAgainWhatTheFunctionThrewAt()
    {
        final DeduplicatingCallback<String> callback = DeduplicatingCallback.of((record, metadata) ->
        {
            taken.add(record);
            if (taken.size() == 1)
            {
                throw new IllegalStateException("as told");
            }
        });
        assertThrows(IllegalStateException.class, () -> callback.accept("a", new Life().at(1, 0)));
        callback.accept("a", new Life().at(1, 0));
        assertEquals(List.of("a", "a"), taken);
    }

    @Test
    void shouldRefuseIdentitiesThatDoNotGrow()
    {
        final DeduplicatingCallback<String> callback = DeduplicatingCallback.of((record, metadata) -> taken.add(record));
        final Life life = new Life();
        callback.accept("a", life.at(5, 0));
        final String message = assertThrows(
            IllegalStateException.class, () -> callback.accept("b", life.at(4, 0))).getMessage();
        assertTrue(message.contains("cause=4 ordinal=0 behind one with cause=5 ordinal=0"), message);
    }

    /** The identity is stored with the effect, so it is exactly once in the face of deaths of the process. */
    @Test
    void shouldBeExactlyOnceWhenTheIdentityIsStoredWithTheEffect()
    {
        final SinkContract.Report report = SinkContract.of(ReadingFlyweight.TYPE,
            (reading, number) -> reading.value(number), Store::new).visibility(SinkVisibility.AT_ONCE).seeds(1, 50).run();
        assertTrue(report.crashes() > 50, report.toString());
    }

    /** What the application stores, record and identity in one step. */
    private static final class Store implements SinkSubject
    {
        private final List<Long> values = new ArrayList<>();
        private final CrashPoints crash;
        private long cause = Long.MIN_VALUE;
        private int ordinal;

        private Store(final CrashPoints crash)
        {
            this.crash = crash;
        }

        @Override
        public OperatorFactory<? extends Operator> factory()
        {
            return CallbackSink.<Reading>deduplicated(DeduplicatingCallback.after(cause, ordinal, this::store))
                .factory(ReadingFlyweight.TYPE);
        }

        private void store(final Reading reading, final RecordMetadata metadata)
        {
            crash.reach("before the step");
            values.add(reading.value());
            cause = metadata.cause();
            ordinal = metadata.ordinal();
            crash.reach("after the step");
        }

        @Override
        public List<Long> visible()
        {
            return values;
        }
    }
}
