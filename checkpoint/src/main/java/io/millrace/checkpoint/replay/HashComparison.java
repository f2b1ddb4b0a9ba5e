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
package io.millrace.checkpoint.replay;

import io.millrace.checkpoint.hash.HashBlock;
import io.millrace.core.checkpoint.BarrierHash;
import io.millrace.core.plan.PlanNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares the hashes of a replay, barrier by barrier, with those of the run. */
final class HashComparison
{
    private final Map<Long, HashBlock> recorded = new TreeMap<>();
    private final PlanJournals journals;
    private final long maxEntries;
    /** Operators that only the run or only the replay has. */
    private final Set<String> unmatched = new TreeSet<>();
    /** Operators whose hash the run did not take at the barrier before, as it had given that checkpoint up: output of two intervals. */
    private final Set<String> skipped = new HashSet<>();
    private long previous;
    private long barriers;
    private HashDifference first;

    /**
     * A comparison.
     *
     * @param blocks     of the run
     * @param journals   of the plan that is replayed
     * @param maxEntries that the replay hashes
     * @param from       cause that it begins behind
     */
    HashComparison(final List<HashBlock> blocks, final PlanJournals journals, final long maxEntries, final long from)
    {
        this.journals = journals;
        this.maxEntries = maxEntries;
        this.previous = from;
        // Of several barriers at one place, as at the end of the input, the first has what was emitted before it.
        blocks.forEach(block -> recorded.putIfAbsent(block.cause(), block));
    }

    void add(final List<BarrierHash> hashes)
    {
        if (hashes.isEmpty())
        {
            return;
        }
        final long cause = hashes.get(0).cause();
        final HashBlock block = recorded.remove(cause);
        if (block != null)
        {
            barriers++;
            if (first == null)
            {
                first = compare(block, hashes);
            }
        }
        previous = cause;
    }

    long barriers()
    {
        return barriers;
    }

    HashDifference first()
    {
        return first;
    }

    /** Operators that only one of the two has, and that were not compared. */
    Set<String> unmatched()
    {
        return unmatched;
    }

    private HashDifference compare(final HashBlock block, final List<BarrierHash> hashes)
    {
        final Map<String, BarrierHash> replayed = byKey(hashes);
        final Map<String, BarrierHash> before = byKey(block.hashes());
        final List<BarrierHash> ordered = new ArrayList<>(block.hashes());
        hashes.stream().filter(hash -> !before.containsKey(key(hash))).forEach(ordered::add);
        ordered.sort((left, right) -> Integer.compare(rank(left.operator()), rank(right.operator())));
        for (final BarrierHash hash : ordered)
        {
            final BarrierHash then = before.get(key(hash));
            final BarrierHash now = replayed.get(key(hash));
            final boolean longer = skipped.remove(key(hash));
            if (then == null && !block.completed())
            {
                skipped.add(key(hash));
            }
            else if (then == null || now == null)
            {
                unmatched.add(name(hash.operator()));
            }
            else if (longer)
            {
                // The output of two intervals on one side, and of one on the other.
                if (block.maxEntries() == maxEntries && then.state() != now.state())
                {
                    return difference(block, hash, then, now);
                }
            }
            else if (differ(then, now, block.maxEntries() == maxEntries))
            {
                return difference(block, hash, then, now);
            }
        }
        return null;
    }

    private HashDifference difference(
        final HashBlock block, final BarrierHash hash, final BarrierHash then, final BarrierHash now)
    {
        return new HashDifference(hash.operator(), name(hash.operator()), hash.subtask(), block.checkpoint(), previous,
            block.cause(), then, now);
    }

    private static boolean differ(final BarrierHash then, final BarrierHash now, final boolean states)
    {
        return then.output() != now.output() || then.records() != now.records() || states && then.state() != now.state();
    }

    private static Map<String, BarrierHash> byKey(final List<BarrierHash> hashes)
    {
        final Map<String, BarrierHash> byKey = new HashMap<>();
        hashes.forEach(hash -> byKey.put(key(hash), hash));
        return byKey;
    }

    private static String key(final BarrierHash hash)
    {
        return hash.operator() + '/' + hash.subtask();
    }

    /** Place in the plan: sources first, what the engine keeps for a task before its head. */
    private int rank(final String uid)
    {
        final List<PlanNode> nodes = journals.plan().nodes();
        for (int i = 0; i < nodes.size(); i++)
        {
            final String node = nodes.get(i).uid();
            if (uid.equals(node))
            {
                return 2 * i + 1;
            }
            if (uid.equals(node + "/valve") || uid.equals(node + "/clock"))
            {
                return 2 * i;
            }
        }
        return Integer.MAX_VALUE;
    }

    private String name(final String uid)
    {
        return journals.plan().nodes().stream().filter(node -> node.uid().equals(uid)).map(PlanNode::name).findFirst().orElse(uid);
    }
}
