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
package io.millrace.benchmarks.workload;

/** Sum of a mix of each result, so that results may come in any order. Used by one thread. */
final class Checksum
{
    private static final long FIRST = 0x9E3779B185EBCA87L;
    private static final long SECOND = 0xC2B2AE3D27D4EB4FL;

    private long value;

    void add(final long mix)
    {
        value += mix;
    }

    long value()
    {
        return value;
    }

    static long mix(final long a, final long b)
    {
        return (a * FIRST ^ b) * SECOND;
    }

    static long mix(final long a, final long b, final long c)
    {
        return mix(mix(a, b), c);
    }

    static long mix(final long a, final long b, final long c, final long d)
    {
        return mix(mix(a, b), mix(c, d));
    }
}
