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
package io.millrace.samples;

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

/** Allocates a region outside the heap, writes to it and reads it back: shows that the JVM lets the engine do so. */
final class OffHeapSample implements Sample
{
    private static final long LENGTH = 1 << 20;

    @Override
    public void run(final String[] arguments)
    {
        final MemoryAccount account = new MemoryAccount("off-heap sample", LENGTH * 2);
        try (Region region = Region.allocate(account, "off-heap sample", LENGTH))
        {
            final long address = region.address();
            for (long offset = 0; offset < LENGTH; offset += Long.BYTES)
            {
                Memory.putLong(address + offset, offset);
            }
            long sum = 0;
            for (long offset = 0; offset < LENGTH; offset += Long.BYTES)
            {
                sum += Memory.getLong(address + offset);
            }
            System.out.println("java=" + Runtime.version() + " region=" + region + " sum=" + sum);
        }
    }
}
