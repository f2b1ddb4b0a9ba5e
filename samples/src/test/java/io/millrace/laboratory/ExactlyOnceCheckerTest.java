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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** The negative controls of the checker itself: each promise, broken once. */
@Tag("laboratory")
class ExactlyOnceCheckerTest
{
    private static final int PARTITIONS = 2;
    private static final int KEYS = 10;
    private static final int FED = 95;

    private final ExactlyOnceChecker checker = new ExactlyOnceChecker(PARTITIONS, KEYS);

    /** What a job without a fault shows: key, count, sum, partition, sequence. */
    private static List<long[]> good()
    {
        final List<long[]> records = new ArrayList<>();
        final long[] counts = new long[KEYS];
        final long[] sums = new long[KEYS];
        for (int sequence = 0; sequence < FED; sequence++)
        {
            for (int partition = 0; partition < PARTITIONS; partition++)
            {
                final int key = (int)ExactlyOnceChecker.key(partition, sequence, KEYS);
                sums[key] += ExactlyOnceChecker.amount(partition, sequence);
                records.add(new long[] {key, ++counts[key], sums[key], partition, sequence});
            }
        }
        return records;
    }

    private static void show(final List<long[]> records, final ExactlyOnceChecker to)
    {
        records.forEach(record -> to.accept(record[0], record[1], record[2], record[3], record[4]));
    }

    private Kind violation(final List<long[]> records)
    {
        return assertThrows(Violation.class, () -> show(records, checker)).kind();
    }

    @Test
    void shouldAcceptWhatIsRight()
    {
        show(good(), checker);
        checker.ended(FED, FED);
        assertEquals(2 * FED, checker.accepted());
        final ExactlyOnceChecker again = new ExactlyOnceChecker(PARTITIONS, KEYS);
        show(good(), again);
        checker.sameAs(again);
    }

    @Test
    void shouldNoticeWhatIsLost()
    {
        final List<long[]> records = good();
        records.remove(50);
        // The next record of its key is another partition's: it is counted too high.
        assertEquals(Kind.SUM, violation(records));
    }

    @Test
    void shouldNoticeWhatIsLostAtTheEnd()
    {
        final List<long[]> records = good();
        records.remove(records.size() - 1);
        show(records, checker);
        assertEquals(Kind.LOST, assertThrows(Violation.class, () -> checker.ended(FED, FED)).kind());
    }

    @Test
    void shouldNoticeADuplicate()
    {
        final List<long[]> records = good();
        records.add(51, records.get(50));
        assertEquals(Kind.DUPLICATE, violation(records));
    }

    @Test
    void shouldNoticeAnOldRecord()
    {
        final List<long[]> records = good();
        records.add(150, records.get(50));
        assertEquals(Kind.ORDER, violation(records));
    }

    @Test
    void shouldNoticeAWrongOrder()
    {
        final List<long[]> records = good();
        final long[] first = records.get(60);
        final long[] second = records.get(80);
        assertEquals(first[0], second[0]);
        records.set(60, new long[] {first[0], first[1], first[2], first[3], second[4]});
        assertEquals(Kind.LOST, violation(records));
    }

    @Test
    void shouldNoticeAWrongSum()
    {
        final List<long[]> records = good();
        records.get(77)[2]++;
        assertEquals(Kind.SUM, violation(records));
    }

    @Test
    void shouldNoticeWhatWasShownAndIsGone()
    {
        show(good(), checker);
        final ExactlyOnceChecker again = new ExactlyOnceChecker(PARTITIONS, KEYS);
        show(good().subList(0, 100), again);
        assertEquals(Kind.ABORTED_READ, assertThrows(Violation.class, () -> checker.sameAs(again)).kind());
    }

    @Test
    void shouldNoticeACheckpointThatIsLostOrComesAgain()
    {
        checker.completed(3);
        assertEquals(Kind.CHECKPOINT_IDS, assertThrows(Violation.class, () -> checker.completed(3)).kind());
        assertEquals(Kind.CHECKPOINT_LOST, assertThrows(Violation.class, () -> checker.restored(2)).kind());
        checker.restored(4);
        assertEquals(4, checker.completedCheckpoint());
    }
}
