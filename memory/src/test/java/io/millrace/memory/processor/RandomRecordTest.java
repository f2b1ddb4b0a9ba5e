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
package io.millrace.memory.processor;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.FieldCodec;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordField;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.RecordUpgrade;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Random records, compiled and used: what is written is read, and a layout does not depend on appended fields. */
class RandomRecordTest
{
    private static final int TYPES = 12;
    private static final int VALUES = 50;

    private final MemoryAccount account = new MemoryAccount("test");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReadWhatWasWrittenAndUpgradeFromEachPrefix(final long seed) throws ReflectiveOperationException
    {
        final Random random = new Random(seed);
        final Map<String, String> sources = new TreeMap<>();
        sources.put("test.Leg",
            Compilation.inPackage("@OffHeapRecord interface Leg { int id(); @Ascii(4) CharSequence name(); }"));
        sources.put("test.Side", "package test;\nenum Side { BUY, SELL, CROSS }\n");
        final RandomRecord[] records = new RandomRecord[TYPES];
        final int[] prefixes = new int[TYPES];
        for (int i = 0; i < TYPES; i++)
        {
            records[i] = new RandomRecord(random, 2 + random.nextInt(20));
            prefixes[i] = 1 + random.nextInt(records[i].fieldCount() - 1);
            sources.put("test.Whole" + i, records[i].source("Whole" + i, records[i].fieldCount()));
            sources.put("test.Prefix" + i, records[i].source("Prefix" + i, prefixes[i]));
        }
        final Compilation compilation = Compilation.of(sources);
        assertTrue(compilation.successful(), compilation.report());
        final ClassLoader loader = compilation.load();
        for (int i = 0; i < TYPES; i++)
        {
            final RecordType<?, ?> whole = type(loader, "test.Whole" + i);
            final RecordType<?, ?> prefix = type(loader, "test.Prefix" + i);
            assertWellLaidOut(whole);
            assertEquals(prefix.fields().stream().map(RecordField::toString).toList(),
                whole.fields().stream().limit(prefixes[i]).map(RecordField::toString).toList());
            try (Region region = Region.allocate(account, "test", 4L * (whole.maxLength() + 8)))
            {
                assertRoundTrip(records[i], loader, "test.Whole" + i, whole, region);
                assertUpgrade(records[i], loader, "test.Prefix" + i, prefix, whole, region);
            }
        }
        assertEquals(0, account.allocatedBytes());
    }

    private static RecordType<?, ?> type(final ClassLoader loader, final String name)
        throws ReflectiveOperationException
    {
        final var field = loader.loadClass(name + "Flyweight").getDeclaredField("TYPE");
        field.setAccessible(true);
        return (RecordType<?, ?>)field.get(null);
    }

    private static void assertWellLaidOut(final RecordType<?, ?> type)
    {
        int end = 0;
        for (final RecordField field : type.fields())
        {
            assertTrue(field.offset() >= end, type.schema());
            assertEquals(0, field.offset() % switch (field.kind())
            {
                case LONG, DOUBLE, DECIMAL, RECORD -> 8;
                case INT, FLOAT, VAR_BYTES -> 4;
                case SHORT, CHAR -> 2;
                default -> 1;
            }, type.schema());
            end = field.offset() + field.length();
        }
        assertEquals(end + 7 & -8, type.blockLength(), type.schema());
    }

    private static void assertRoundTrip(
        final RandomRecord record,
        final ClassLoader loader,
        final String name,
        final RecordType<?, ?> type,
        final Region region) throws ReflectiveOperationException
    {
        final int stride = type.maxLength() + 8 & -8;
        final Flyweight first = on(type, region.address());
        final Flyweight second = on(type, region.address() + stride);
        Memory.fill(first.address(), 2L * stride, (byte)0x5A);
        first.clear();
        second.clear();
        final Class<?> view = loader.loadClass(name);
        Object before = null;
        for (int i = 0; i < VALUES; i++)
        {
            final Object value = record.value(loader.loadClass(name + "Value"));
            RandomRecord.call(first, "set", view, value);
            assertEquals(value, RandomRecord.call(first, "toValue", null, null));
            assertEquals(value.toString(), first.toString());
            assertTrue(first.encodedLength() <= type.maxLength());
            if (!value.equals(before) && before != null)
            {
                assertNotEquals(second, first);
            }
            RandomRecord.call(second, "set", view, first);
            assertEquals(first, second);
            assertEquals(first.hashCode(), second.hashCode());
            assertTrue(FieldCodec.equal(first.address(), second.address(), first.encodedLength()));
            before = value;
        }
        assertEquals(0x5A, Memory.getByte(second.address() + type.maxLength()), "written behind the record");
    }

    private static void assertUpgrade(
        final RandomRecord record,
        final ClassLoader loader,
        final String name,
        final RecordType<?, ?> prefix,
        final RecordType<?, ?> whole,
        final Region region) throws ReflectiveOperationException
    {
        final Flyweight stored = on(prefix, region.address());
        stored.clear();
        RandomRecord.call(stored, "set", loader.loadClass(name), record.value(loader.loadClass(name + "Value")));
        final long address = region.address() + (whole.maxLength() + 8 & -8);
        final RecordUpgrade upgrade = whole.upgradeFrom(prefix.schema());
        final int length = upgrade.upgrade(stored.address(), stored.encodedLength(), address);

        final Flyweight upgraded = on(whole, address);
        assertEquals(length, upgraded.encodedLength());
        assertEquals(prefix.schema().equals(whole.schema()), upgrade.identity());
        final String storedText = stored.toString();
        final String fields = storedText.substring(storedText.indexOf('['), storedText.length() - 1);
        assertTrue(upgraded.toString().contains(fields), upgraded + " from " + stored);
    }

    private static Flyweight on(final RecordType<?, ?> type, final long address)
    {
        final Flyweight flyweight = type.newFlyweight();
        flyweight.wrap(address, type.maxLength());
        return flyweight;
    }
}
