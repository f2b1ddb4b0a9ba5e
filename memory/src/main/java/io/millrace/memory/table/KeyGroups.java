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
package io.millrace.memory.table;

/**
 * Key groups: equal ranges of the hash, numbered from the lowest (unsigned). They are what is spread over parallel
 * tasks, and moved when the parallelism changes. Where their number is a power of two, the group is the top bits of
 * the hash.
 */
public final class KeyGroups
{
    /** How many key groups a job has unless it says otherwise. */
    public static final int DEFAULT_MAX_PARALLELISM = 128;

    private KeyGroups()
    {
    }

    /**
     * @param hash           {@link KeyHash} of the key
     * @param maxParallelism number of key groups, 1 to 32,768
     * @return the key's group, from 0
     */
    public static int of(final long hash, final int maxParallelism)
    {
        return (int)((hash >>> 32) * maxParallelism >>> 32);
    }

    /**
     * @param keyGroup       from 0 to {@code maxParallelism}
     * @param maxParallelism number of key groups
     * @return the lowest hash (unsigned) of the group; 0 for the group after the last one
     */
    public static long firstHash(final int keyGroup, final int maxParallelism)
    {
        return (((long)keyGroup << 32) + maxParallelism - 1) / maxParallelism << 32;
    }

    /**
     * @param task           index of a parallel task, from 0 to {@code parallelism}
     * @param parallelism    number of parallel tasks
     * @param maxParallelism number of key groups
     * @return the first key group of the task; it owns those before {@code firstGroup(task + 1, ..)}
     */
    public static int firstGroup(final int task, final int parallelism, final int maxParallelism)
    {
        return (int)(((long)task * maxParallelism + parallelism - 1) / parallelism);
    }

    /**
     * @param keyGroup       from 0
     * @param parallelism    number of parallel tasks
     * @param maxParallelism number of key groups
     * @return index of the task that owns the group
     */
    public static int task(final int keyGroup, final int parallelism, final int maxParallelism)
    {
        return (int)((long)keyGroup * parallelism / maxParallelism);
    }
}
