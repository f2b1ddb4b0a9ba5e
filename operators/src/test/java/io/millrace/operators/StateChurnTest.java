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
package io.millrace.operators;

import io.millrace.core.state.ForwardingBackend;
import io.millrace.core.state.KeyedTable;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.memory.MemoryAccount;
import io.millrace.operators.state.StateTtl;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What expires or is cleared gives its memory back: tables and bytes stay the same over many turnovers (SEMANTICS ST-4). */
class StateChurnTest
{
    /** Keys that come in one unit of time, each of them once. */
    private static final int KEYS_PER_UNIT = 10;
    private static final int TTL = 2_000;
    private static final int WATERMARK_STEP = 100;

    /** Off-heap state that can be looked at. */
    private static final class Observed implements StateBackendFactory
    {
        private final Map<String, KeyedTable> tables = new TreeMap<>();
        private MemoryAccount account;

        @Override
        public String name()
        {
            return "OBSERVED";
        }

        @Override
        public StateBackend open(final StateContext context)
        {
            account = context.account();
            return new ForwardingBackend(OffHeapBackend.factory().open(context))
            {
                @Override
                public KeyedTable keyedTable(final String name, final int keyLength, final int valueLength)
                {
                    final KeyedTable table = super.keyedTable(name, keyLength, valueLength);
                    tables.put(name, table);
                    return table;
                }
            };
        }

        private long entries()
        {
            return tables.values().stream().mapToLong(KeyedTable::size).sum();
        }
    }

    @Test
    void shouldKeepOnlyWhatLivesOverManyTurnovers()
    {
        churn(1_000_000, (states, record) ->
        {
            states.value.update(record);
            states.list.add(record);
            states.longMap.put(record.sensor() & 7, record);
        }, 6);
    }

    @Test
    @Tag("slow")
    void shouldKeepOnlyWhatLivesOverAHundredMillionUpdates()
    {
        churn(Long.getLong("millrace.churn", 100_000_000), (states, record) -> states.number.set(record.value()), 1);
    }

    /**
     * Each key is written once, and never asked for again.
     *
     * @param rowsPerKey rows of all tables: one for a number or a value, one more for a list or a map, and one for the
     *                   order of a map's entries
     */
    private static void churn(final long updates, final ExpiringFunction.Action action, final int rowsPerKey)
    {
        final Observed observed = new Observed();
        long bytes = 0;
        try (OperatorHarness<ReadingFlyweight, Summary> harness = ExpiringFunction.harness(
            StateTtl.of(Duration.ofMillis(TTL)), action).stateBackend(observed).open())
        {
            for (long update = 0; update < updates; update++)
            {
                final long key = update;
                harness.push(update / KEYS_PER_UNIT, reading -> reading.sensor(key).value(key));
                if ((update + 1) % (KEYS_PER_UNIT * WATERMARK_STEP) == 0)
                {
                    final long watermark = update / KEYS_PER_UNIT;
                    harness.watermark(watermark);
                    // All that is left was touched after watermark - TTL.
                    final long lives = Math.min(update + 1, (long)TTL * KEYS_PER_UNIT);
                    assertEquals(lives * rowsPerKey, observed.entries(), "update=" + update);
                }
                if (update == updates / 4)
                {
                    bytes = observed.account.allocatedBytes();
                }
            }
            assertTrue(observed.account.allocatedBytes() <= bytes,
                "bytes=" + bytes + " before, " + observed.account.allocatedBytes() + " behind");
            harness.finish();
            assertEquals(0, observed.entries(), observed.tables.toString());
        }
    }

    /** Keys come and are cleared, with and without a time to live. */
    @Test
    void shouldGiveBackWhatIsCleared()
    {
        for (final StateTtl ttl : new StateTtl[] {null, StateTtl.of(Duration.ofDays(1))})
        {
            final Observed observed = new Observed();
            try (OperatorHarness<ReadingFlyweight, Summary> harness = ExpiringFunction.harness(ttl, (states, record) ->
            {
                if (record.value() == 0)
                {
                    clear(states);
                }
                else
                {
                    states.write(record.value(), record);
                    states.write(record.value() + 1, record);
                }
            }).stateBackend(observed).open())
            {
                long bytes = 0;
                final long keys = 2_000;
                for (long key = 0; key < 30 * keys; key++)
                {
                    final long written = key;
                    final long cleared = key - keys;
                    harness.push(key, reading -> reading.sensor(written).value(1 + written % 5));
                    if (cleared >= 0)
                    {
                        harness.push(key, reading -> reading.sensor(cleared));
                    }
                    if (key % 1000 == 0)
                    {
                        harness.watermark(key);
                    }
                    if (key == 8 * keys)
                    {
                        bytes = observed.account.allocatedBytes();
                    }
                }
                assertTrue(observed.account.allocatedBytes() <= bytes, "bytes=" + bytes + " before, " +
                    observed.account.allocatedBytes() + " behind");
                for (long key = 29 * keys; key < 30 * keys; key++)
                {
                    final long cleared = key;
                    harness.push(30 * keys, reading -> reading.sensor(cleared));
                }
                assertEquals(0, observed.entries(), observed.tables.keySet().toString());
            }
        }
    }

    private static void clear(final ExpiringFunction states)
    {
        states.value.clear();
        states.number.clear();
        states.fraction.clear();
        states.list.clear();
        states.longMap.clear();
        states.textMap.forEach((second, record) -> states.lasting.set(Long.parseLong(second.toString())));
        states.textMap.remove(Long.toString(states.lasting.get()));
        states.textMap.clear();
        states.lasting.clear();
        states.reducing.clear();
        states.aggregating.clear();
    }
}
