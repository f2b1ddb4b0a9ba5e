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
package io.millrace.core.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** What two-phase sinks have committed, by transaction. Outlives the job. */
public final class Committed
{
    private final TreeMap<String, List<Long>> transactions = new TreeMap<>();

    /** Nothing committed. */
    public Committed()
    {
    }

    /**
     * Commits a transaction, which may be committed already.
     *
     * @param transaction name
     * @param values      of it
     */
    public synchronized void commit(final String transaction, final List<Long> values)
    {
        final List<Long> before = transactions.putIfAbsent(transaction, List.copyOf(values));
        if (before != null && !before.equals(values))
        {
            throw new AssertionError("transaction=" + transaction + " was committed with other values");
        }
    }

    /**
     * Everything that was committed.
     *
     * @return in ascending order
     */
    public synchronized List<Long> sorted()
    {
        final List<Long> all = new ArrayList<>();
        transactions.values().forEach(all::addAll);
        all.sort(null);
        return all;
    }
}
