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

import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.testing.CopyingBackend;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.state.StateTtl;
import io.millrace.operators.state.StateTtl.UpdateType;
import io.millrace.operators.state.StateTtl.Visibility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Random records, out of order and late, watermarks that jump, and restarts, against {@link ExpiryModel}. */
class StateTtlRandomTest
{
    private static final long TTL = 20;
    private static final int OPERATIONS = 17;

    private final List<String> seen = new ArrayList<>();

    private void run(final ExpiringFunction states, final Reading record)
    {
        final long second = record.time() >>> 8;
        final StringBuilder text = new StringBuilder();
        switch ((int)record.time() & 0xFF)
        {
            case 0 -> states.value.update(record);
            case 1 -> text.append(states.value.isEmpty() ? "-" : states.value.read().value());
            case 2 -> states.value.clear();
            case 3 -> states.reducing.add(record);
            case 4 -> text.append(states.reducing.isEmpty() ? "-" : states.reducing.read().value());
            case 5 -> states.list.add(record);
            case 6 -> text.append(elements(states));
            case 7 -> states.list.clear();
            case 8 ->
            {
                if (!states.list.isEmpty())
                {
                    states.list.value(second % states.list.size()).value(record.value());
                }
            }
            case 9 -> text.append(states.list.size());
            case 10 -> states.longMap.put(second, record);
            case 11 ->
            {
                final Reading found = states.longMap.read(second);
                text.append(found == null ? "-" : found.value());
            }
            case 12 -> text.append(states.longMap.remove(second));
            case 13 -> text.append(states.longMap.contains(second) ? "true" + states.longMap.read(second).value() : "false");
            case 14 -> text.append(entries(states));
            case 15 -> states.longMap.clear();
            default -> text.append(states.longMap.size());
        }
        seen.add(text.toString());
    }

    private static List<Long> elements(final ExpiringFunction states)
    {
        final List<Long> elements = new ArrayList<>();
        for (long i = 0; i < states.list.size(); i++)
        {
            elements.add(states.list.get(i).value());
        }
        return elements;
    }

    private static List<String> entries(final ExpiringFunction states)
    {
        final List<String> entries = new ArrayList<>();
        states.longMap.forEach((second, record) -> entries.add(second + "=" + record.value()));
        entries.sort((left, right) -> Long.compare(
            Long.parseLong(left.substring(0, left.indexOf('='))), Long.parseLong(right.substring(0, right.indexOf('=')))));
        return entries;
    }

    @ParameterizedTest
    @CsvSource({"1, false, true, 12, false", "2, true, true, 12, false", "3, false, false, 12, false",
        "4, true, false, 12, true", "5, false, true, 12, true", "6, true, true, 12, true", "7, false, true, 3000, false",
        "8, true, true, 2000, true"})
    void shouldKeepAndTellWhatMapsOnTheHeapWould(
        final long seed, final boolean reads, final boolean hides, final int keys, final boolean copying)
    {
        assertEquals("", difference(seed, reads, hides, keys, copying, false));
    }

    @Test
    void shouldNoticeAModelThatExpiresAUnitLate()
    {
        assertTrue(difference(1, false, true, 12, false, true).startsWith("step="));
    }

    /** The first difference from the model, or nothing. */
    private String difference(
        final long seed,
        final boolean reads,
        final boolean hides,
        final int keys,
        final boolean copying,
        final boolean late)
    {
        final Random random = new Random(seed);
        final StateTtl ttl = StateTtl.of(Duration.ofMillis(TTL)).withExpiryCallback()
            .updateType(reads ? UpdateType.ON_READ_AND_WRITE : UpdateType.ON_CREATE_AND_WRITE)
            .visibility(hides ? Visibility.NEVER_RETURN_EXPIRED : Visibility.RETURN_EXPIRED_IF_NOT_CLEANED_UP);
        final StateBackendFactory backend = copying ? CopyingBackend.factory() : OffHeapBackend.factory();
        final int steps = keys > 100 ? 20_000 : 8_000;
        final int watermarks = keys > 100 ? 500 : 20;
        int most = 0;
        OperatorHarness<ReadingFlyweight, Summary> harness =
            ExpiringFunction.harness(ttl, this::run).stateBackend(backend).open();
        try (ExpiryModel model = new ExpiryModel(TTL, reads, hides, late))
        {
            long time = 100;
            for (int step = 0; step < steps; step++)
            {
                final List<String> told;
                if (random.nextInt(watermarks) == 0)
                {
                    final long watermark = time - 4;
                    model.watermark(watermark);
                    harness.watermark(watermark);
                    told = ExpiringFunction.told(harness);
                }
                else if (random.nextInt(steps / 10) == 0)
                {
                    final OperatorSnapshot snapshot = harness.barrier();
                    harness.close();
                    harness = ExpiringFunction.harness(ttl, this::run).stateBackend(backend).restore(snapshot);
                    told = List.of();
                }
                else
                {
                    time += random.nextInt(keys > 100 ? 400 : 3) == 0 ? 1 : 0;
                    time += random.nextInt(keys > 100 ? 6000 : 300) == 0 ? random.nextInt(30) : 0;
                    final long timestamp = time + random.nextInt(9) - 6;
                    final long key = random.nextInt(keys);
                    final int operation = random.nextInt(OPERATIONS);
                    final long second = random.nextInt(6);
                    final long amount = step;
                    final String expected = model.record(timestamp, key, operation, second, amount);
                    harness.push(timestamp, reading ->
                        reading.time(second << 8 | operation).sensor(key).value(amount));
                    final String found = seen.remove(0);
                    told = ExpiringFunction.told(harness).stream().sorted().toList();
                    if (!expected.equals(found))
                    {
                        return "step=" + step + " operation=" + operation + " expected=" + expected + " found=" + found;
                    }
                }
                final List<String> expected = model.told();
                if (!expected.equals(told))
                {
                    return "step=" + step + " expected=" + expected + " told=" + told;
                }
                most = Math.max(most, model.size());
            }
            model.watermark(Long.MAX_VALUE);
            harness.finish();
            assertEquals(model.told(), ExpiringFunction.told(harness));
            assertEquals(0, model.size());
        }
        finally
        {
            harness.close();
        }
        assertTrue(most > Math.min(keys, 1000), "entries=" + most);
        return "";
    }
}
