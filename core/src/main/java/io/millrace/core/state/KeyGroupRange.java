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
package io.millrace.core.state;

import io.millrace.memory.table.KeyGroups;

/**
 * The key groups that a subtask owns (SEMANTICS KG-1). The key group of a key is the top bits of its hash.
 *
 * @param first          lowest group
 * @param last           highest group, inclusive
 * @param maxParallelism number of all key groups, a power of two
 */
public record KeyGroupRange(int first, int last, int maxParallelism)
{
    /**
     * The range of a subtask.
     *
     * @param subtask        from 0
     * @param parallelism    number of subtasks
     * @param maxParallelism number of key groups
     * @return its range
     */
    public static KeyGroupRange of(final int subtask, final int parallelism, final int maxParallelism)
    {
        return new KeyGroupRange(KeyGroups.firstGroup(subtask, parallelism, maxParallelism),
            KeyGroups.firstGroup(subtask + 1, parallelism, maxParallelism) - 1, maxParallelism);
    }

    /**
     * Whether a key belongs here.
     *
     * @param hash 64 bits over the key's bytes
     * @return true when its group is in the range
     */
    public boolean contains(final long hash)
    {
        final int group = KeyGroups.of(hash, maxParallelism);
        return group >= first && group <= last;
    }
}
