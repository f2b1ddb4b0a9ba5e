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
package io.millrace.laboratory;

import io.millrace.laboratory.Violation.Kind;

/**
 * The unit of truth of the laboratory. It sees every record that a job has shown, in order, while faults go on, and
 * what the job says of its checkpoints; it says what is wrong with that at once.
 * <p>
 * Impulse {@code s} of partition {@code p} has the key {@code (s + 7 p) mod keys} and the amount {@code s + p}. So the
 * impulses of a key that come from a partition are every {@code keys}th one, and both their number and their sum have a
 * closed form, whatever order the partitions were merged in:
 * <pre>
 *   lost            a number of a partition and key is left out, or missing at the end
 *   duplicate       a number comes again
 *   order           a number is lower than one before
 *   sum             count or sum of a key are not those of what came so far
 *   aborted read    what was shown once is not there, or another, when everything is read again
 *   checkpoints     ids increase; what was said to be complete can be restored
 * </pre>
 */
final class ExactlyOnceChecker
{
    private static final long STEP_OF_PARTITION = 7;
    private static final long PRIME = 0x100000001b3L;

    private final int partitions;
    private final int keys;
    private final long[] next;
    private final long[] counts;
    private final long[] sums;
    private long accepted;
    private long hash = 1;
    private long completed;

    /**
     * A checker that has seen nothing.
     *
     * @param partitions number of them
     * @param keys       number of them
     */
    ExactlyOnceChecker(final int partitions, final int keys)
    {
        this.partitions = partitions;
        this.keys = keys;
        next = new long[partitions * keys];
        counts = new long[keys];
        sums = new long[keys];
        for (int partition = 0; partition < partitions; partition++)
        {
            for (int key = 0; key < keys; key++)
            {
                next[partition * keys + key] = Math.floorMod(key - STEP_OF_PARTITION * partition, (long)keys);
            }
        }
    }

    static long key(final long partition, final long sequence, final int keys)
    {
        return (sequence + STEP_OF_PARTITION * partition) % keys;
    }

    static long amount(final long partition, final long sequence)
    {
        return sequence + partition;
    }

    /** Takes note of the next record that was shown. */
    void accept(final Tally tally)
    {
        accept(tally.key(), tally.count(), tally.sum(), tally.partition(), tally.sequence());
    }

    void accept(final long key, final long count, final long sum, final long partition, final long sequence)
    {
        if (partition < 0 || partition >= partitions || key != key(partition, sequence, keys))
        {
            throw new Violation(Kind.SUM, "record of no impulse " + text(key, count, sum, partition, sequence));
        }
        final int lane = (int)(partition * keys + key);
        if (sequence != next[lane])
        {
            final boolean before = sequence < next[lane];
            throw new Violation(
                sequence > next[lane] ? Kind.LOST : sequence == next[lane] - keys ? Kind.DUPLICATE : Kind.ORDER,
                text(key, count, sum, partition, sequence) + (before ? " came after" : " came without") + " sequence=" +
                    (before ? next[lane] - keys : next[lane]));
        }
        final int index = (int)key;
        counts[index]++;
        sums[index] += amount(partition, sequence);
        if (count != counts[index] || sum != sums[index])
        {
            throw new Violation(Kind.SUM, text(key, count, sum, partition, sequence) + " where count=" + counts[index] +
                " sum=" + sums[index] + " is right");
        }
        next[lane] += keys;
        accepted++;
        hash = (hash ^ sequence * partitions + partition) * PRIME ^ hash >>> 29;
        hash = (hash ^ sum) * PRIME;
    }

    /** Takes note that the job has said that a checkpoint is complete. */
    void completed(final long id)
    {
        if (id <= completed)
        {
            throw new Violation(Kind.CHECKPOINT_IDS, "checkpoint=" + id + " completed after checkpoint=" + completed);
        }
        completed = id;
    }

    /** Takes note of the checkpoint that a job began from, 0 when there was none. */
    void restored(final long id)
    {
        if (id < completed)
        {
            throw new Violation(
                Kind.CHECKPOINT_LOST, "restored=" + id + " but checkpoint=" + completed + " was said to be complete");
        }
        // One that completed just before the job was killed had no time to say so.
        completed = id;
    }

    /** Number of records that were shown. */
    long accepted()
    {
        return accepted;
    }

    /** The latest checkpoint that was said to be complete. */
    long completedCheckpoint()
    {
        return completed;
    }

    /** Hash of everything that was shown, in order. */
    long hash()
    {
        return hash;
    }

    /**
     * Checks, when the job has finished, that nothing is missing: against closed forms, from the number of impulses of
     * each partition alone.
     *
     * @param fed by partition, the number of impulses
     */
    void ended(final long... fed)
    {
        long total = 0;
        for (int key = 0; key < keys; key++)
        {
            long count = 0;
            long sum = 0;
            for (int partition = 0; partition < partitions; partition++)
            {
                final long first = Math.floorMod(key - STEP_OF_PARTITION * partition, (long)keys);
                final long terms = fed[partition] <= first ? 0 : (fed[partition] - first - 1) / keys + 1;
                count += terms;
                sum += terms * (first + partition) + keys * (terms * (terms - 1) / 2);
            }
            total += count;
            if (counts[key] != count || sums[key] != sum)
            {
                throw new Violation(Kind.LOST, "at the end key=" + key + " has count=" + counts[key] + " sum=" + sums[key] +
                    ", count=" + count + " sum=" + sum + " went in");
            }
        }
        if (total != accepted)
        {
            throw new Violation(Kind.LOST, "at the end there are records=" + accepted + ", impulses=" + total + " went in");
        }
    }

    /**
     * Checks that a second reading of everything, with a checker of its own, found the same.
     *
     * @param second that has read
     */
    void sameAs(final ExactlyOnceChecker second)
    {
        if (second.accepted != accepted || second.hash != hash)
        {
            throw new Violation(Kind.ABORTED_READ, "read as it was shown: records=" + accepted + " hash=" + hash +
                ", read again: records=" + second.accepted + " hash=" + second.hash);
        }
    }

    private static String text(
        final long key, final long count, final long sum, final long partition, final long sequence)
    {
        return "partition=" + partition + " sequence=" + sequence + " key=" + key + " count=" + count + " sum=" + sum;
    }
}
