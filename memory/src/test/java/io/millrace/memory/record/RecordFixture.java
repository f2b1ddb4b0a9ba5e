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
package io.millrace.memory.record;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Off-heap memory of one test, filled with what is not zero, and freed and accounted behind it. */
final class RecordFixture implements AfterEachCallback
{
    private static final byte GARBAGE = (byte)0xA5;

    private final MemoryAccount account = new MemoryAccount("test");
    private final List<Region> regions = new ArrayList<>();

    long allocate(final int length)
    {
        final Region region = Region.allocate(account, "test", length);
        regions.add(region);
        Memory.fill(region.address(), length, GARBAGE);
        return region.address();
    }

    /** A flyweight on cleared memory of its type's maximum length. */
    <W extends Flyweight> W newRecord(final RecordType<?, W> type)
    {
        final W flyweight = type.newFlyweight();
        flyweight.wrap(allocate(type.maxLength()), type.maxLength());
        flyweight.clear();
        return flyweight;
    }

    @Override
    public void afterEach(final ExtensionContext context)
    {
        regions.forEach(Region::close);
        regions.clear();
        assertEquals(0, account.allocatedBytes());
    }
}
