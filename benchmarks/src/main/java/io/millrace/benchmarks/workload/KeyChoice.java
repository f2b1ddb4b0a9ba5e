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

/** How the keys of updates are chosen. */
public enum KeyChoice
{
    /** All alike. */
    UNIFORM,
    /**
     * By Zipf's law with exponent 7/8: the share of the first {@code r} of {@code n} keys is {@code (r / n)} to the power of
     * 1/8, so that a fifth of them gets 82 %.
     */
    ZIPF;

    /**
     * Chooses a key.
     *
     * @param mixed 64 random bits
     * @param keys  to choose from, 0 up to it
     * @return the key
     */
    public long key(final long mixed, final long keys)
    {
        return this == UNIFORM ? Events.key(mixed, keys) : Events.skewedKey(mixed, keys);
    }
}
