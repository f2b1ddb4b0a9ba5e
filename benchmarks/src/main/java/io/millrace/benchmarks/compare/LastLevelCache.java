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
package io.millrace.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The size of the machine's last-level cache. */
final class LastLevelCache
{
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
    private static final long DEFAULT = 32L << 20;

    private LastLevelCache()
    {
    }

    /** In bytes; 32 MiB where the system does not tell. */
    static long bytes()
    {
        long largest = 0;
        for (int index = 0; Files.isReadable(CACHES.resolve("index" + index + "/size")); index++)
        {
            try
            {
                largest = Math.max(largest, parse(Files.readString(CACHES.resolve("index" + index + "/size")).trim()));
            }
            catch (final IOException | NumberFormatException exception)
            {
                return DEFAULT;
            }
        }
        return largest == 0 ? DEFAULT : largest;
    }

    /** Reads a size as Linux writes it: {@code 32768K}. */
    static long parse(final String size)
    {
        final char unit = size.charAt(size.length() - 1);
        final int shift = unit == 'K' ? 10 : unit == 'M' ? 20 : unit == 'G' ? 30 : 0;
        return Long.parseLong(shift == 0 ? size : size.substring(0, size.length() - 1)) << shift;
    }
}
