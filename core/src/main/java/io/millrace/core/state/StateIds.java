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

import java.nio.charset.StandardCharsets;

/** The number that a state has in snapshots: a fixed hash (FNV-1a) of the operator's uid and the state's name. */
public final class StateIds
{
    private StateIds()
    {
    }

    /**
     * The number of a state.
     *
     * @param uid  of the operator
     * @param name of the state; empty for what the operator keeps outside its tables
     * @return the number
     */
    public static int of(final String uid, final String name)
    {
        int hash = 0x811C9DC5;
        for (final byte octet : (uid + '\0' + name).getBytes(StandardCharsets.UTF_8))
        {
            hash = (hash ^ octet & 0xFF) * 0x01000193;
        }
        return hash;
    }

    /**
     * The number of the part of a state that one instance keeps. Parts have numbers of their own, so that a restore
     * gives each instance what it wrote, what it dropped included.
     *
     * @param uid     of the operator
     * @param name    of the state
     * @param subtask index of the instance
     * @return the number
     */
    public static int of(final String uid, final String name, final int subtask)
    {
        return of(uid, name + '\0' + subtask);
    }
}
