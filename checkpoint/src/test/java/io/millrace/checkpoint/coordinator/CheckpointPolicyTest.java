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
package io.millrace.checkpoint.coordinator;

import io.millrace.checkpoint.store.CheckpointDeclinedException;
import io.millrace.checkpoint.store.CheckpointWriter;
import io.millrace.checkpoint.store.ForwardingSnapshotStore;
import io.millrace.checkpoint.store.LocalSnapshotStore;
import io.millrace.checkpoint.store.SnapshotStore;
import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointReport;
import io.millrace.core.checkpoint.CheckpointReport.Outcome;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.CheckpointStats;
import io.millrace.core.checkpoint.TaskPause;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.DeltaWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** CP-1 to CP-6: two tasks that a test steps by hand, with a clock that it sets. */
class CheckpointPolicyTest
{
    private static final int TASKS = 2;

    @TempDir
    Path directory;

    private final MemoryAccount account = new MemoryAccount("test");
    private final Region scratch = Region.allocate(account, "blob", 1024);
    private long nanos = 1_000;
    private boolean declining;
    private CheckpointService service;
    private DeltaWriter[] writers;

    @AfterEach
    void shouldReturnAllMemory()
    {
        if (service != null)
        {
            close();
        }
        scratch.close();
        assertEquals(0, account.allocatedBytes());
    }

    @Test
    void shouldFollowCP1WithIdsThatGrowOverAllLives()
    {
        open(checkpoints());
        assertEquals(1, service.request());
        assertEquals(0, service.request(), "one at a time");
        finish(1);
        assertEquals(2, service.request());
        finish(2);
        close();
        open(checkpoints());
        assertEquals(2, service.completedCheckpoint());
        assertEquals(3, service.request());
        close();
        open(checkpoints());
        assertEquals(2, service.completedCheckpoint());
        assertTrue(service.request() >= 3);
    }

    @Test
    void shouldFollowCP3AndCompleteWhenAllHaveHandedIn()
    {
        open(checkpoints());
        service.request();
        work();
        handIn(0, 1);
        work();
        assertEquals(0, service.completedCheckpoint());
        assertEquals(0, service.settledCheckpoint());
        handIn(1, 1);
        work();
        assertEquals(1, service.completedCheckpoint());
        assertEquals(1, service.settledCheckpoint());
    }

    @Test
    void shouldBeginByTimeFromBeginToBegin()
    {
        open(checkpoints().every(Duration.ofNanos(100)));
        nanos += 99;
        work();
        assertEquals(0, service.requestedCheckpoint());
        nanos += 1;
        work();
        assertEquals(1, service.requestedCheckpoint());
        nanos += 90;
        finish(1);
        nanos += 9;
        work();
        assertEquals(1, service.requestedCheckpoint());
        nanos += 1;
        work();
        assertEquals(2, service.requestedCheckpoint());
    }

    @Test
    void shouldLeaveAPauseBehindEachCheckpoint()
    {
        open(checkpoints().every(Duration.ofNanos(100)).minimumPause(Duration.ofNanos(60)));
        nanos += 100;
        work();
        nanos += 90;
        finish(1);
        nanos += 59;
        work();
        assertEquals(1, service.requestedCheckpoint());
        assertEquals(2, service.request(), "by hand it need not be waited for");
        finish(2);
        nanos += 100;
        work();
        assertEquals(3, service.requestedCheckpoint());
    }

    @Test
    void shouldFollowCP4AndGiveUpWhatTakesTooLong()
    {
        open(checkpoints().timeout(Duration.ofNanos(50)));
        complete();
        complete();
        assertFalse(service.fullCheckpoint());
        assertEquals(3, service.request());
        work();
        handIn(0, 3);
        nanos += 50;
        work();
        assertEquals(0, service.givenUpCheckpoint());
        nanos += 1;
        work();
        assertEquals(3, service.givenUpCheckpoint());
        assertEquals(2, service.settledCheckpoint(), "its barrier is still on the way");
        assertEquals(0, service.request());
        handIn(1, 3);
        work();
        assertEquals(3, service.settledCheckpoint());
        assertEquals(2, service.completedCheckpoint());
        assertEquals(4, service.request());
        assertTrue(service.fullCheckpoint(), "no delta has what was handed in for the one before");
        finish(4);
        assertEquals(4, service.completedCheckpoint());
        assertEquals(1, service.stats().timedOut());
        final CheckpointReport report = service.stats().latest().get(2);
        assertEquals(Outcome.TIMED_OUT, report.outcome());
        assertTrue(report.reason().contains("tasks=[1]"), report.reason());
        assertEquals(51, report.durationNanos());
    }

    @Test
    void shouldFollowCP4AndCompleteWhatAllHaveHandedInThoughItTookLong()
    {
        open(checkpoints().timeout(Duration.ofNanos(50)));
        service.request();
        work();
        handIn(0, 1);
        handIn(1, 1);
        nanos += 500;
        work();
        assertEquals(1, service.completedCheckpoint());
    }

    @Test
    void shouldFollowCP4AndHoldAllStateAfterOneThatWasDeclinedAtItsBegin()
    {
        open(checkpoints());
        complete();
        declining = true;
        service.request();
        work();
        assertEquals(2, service.givenUpCheckpoint());
        finish(2);
        declining = false;
        service.request();
        assertTrue(service.fullCheckpoint(), "tasks may have handed in changes for the one that was declined");
        finish(3);
        assertEquals(3, service.completedCheckpoint());
        assertEquals(1, service.stats().declined());
    }

    @Test
    void shouldFollowCP4AndCountFailuresInARow()
    {
        open(checkpoints().tolerableFailures(1));
        decline();
        complete();
        decline();
        complete();
        decline();
        declining = true;
        service.request();
        final IllegalStateException failure = assertThrows(IllegalStateException.class, this::work);
        assertTrue(failure.getMessage().contains("2 in a row, tolerableFailures=1: full disk"), failure.getMessage());
    }

    @Test
    void shouldFollowCP6AndRetainWhatIsAskedFor()
    {
        open(checkpoints().retained(3));
        for (int i = 0; i < 6; i++)
        {
            complete();
        }
        final String[] manifests = directory.toFile().list((folder, name) -> name.contains("manifest"));
        assertEquals(3, manifests.length, List.of(manifests)::toString);
        assertEquals(4, service.oldestCheckpoint());
    }

    @Test
    void shouldTellWhatBecameOfTheLatestCheckpoints()
    {
        open(checkpoints());
        assertEquals(CheckpointStats.NONE, service.stats());
        for (int i = 0; i < 12; i++)
        {
            complete();
        }
        decline();
        final CheckpointStats stats = service.stats();
        assertEquals(12, stats.completed());
        assertEquals(1, stats.declined());
        assertEquals(0, stats.timedOut() + stats.failed());
        assertEquals(List.of(4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L, 13L),
            stats.latest().stream().map(CheckpointReport::id).toList());
        final CheckpointReport last = stats.latest().get(8);
        assertEquals(Outcome.COMPLETED, last.outcome());
        assertFalse(last.full());
        assertEquals(12, last.chainLength());
        assertTrue(last.bytes() > 0 && last.chainBytes() > 12 * last.bytes(), last.toString());
        assertEquals(7, last.durationNanos());
        assertEquals(List.of(new TaskPause(0, 12_000, 120), new TaskPause(1, 12_001, 121)), last.pauses());
        assertEquals(12_001, last.maxAlignmentNanos());
        assertEquals(121, last.maxSynchronousNanos());
        assertEquals("full disk", stats.latest().get(9).reason());
    }

    @Test
    void shouldMakeNoFullCheckpointWithoutATaskThatHasEnded()
    {
        open(checkpoints());
        complete();
        decline();
        service.ended(1);
        assertEquals(0, service.request());
    }

    @Test
    void shouldRefuseBadSettings()
    {
        assertThrows(IllegalArgumentException.class, () -> checkpoints().timeout(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> checkpoints().minimumPause(Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> checkpoints().triggeredByBytes(0));
        assertThrows(IllegalArgumentException.class, () -> checkpoints().retained(1));
        checkpoints().timeout(Duration.ofSeconds(Long.MAX_VALUE)).minimumPause(Duration.ZERO);
    }

    private Checkpoints checkpoints()
    {
        return Checkpoints.on(context -> new DecliningStore(LocalSnapshotStore.open(context)), directory)
            .nanoClock(() -> nanos);
    }

    private void open(final Checkpoints checkpoints)
    {
        service = checkpoints.open(new CheckpointContext("job", "plan", TASKS, account));
        writers = new DeltaWriter[TASKS];
        for (int i = 0; i < TASKS; i++)
        {
            writers[i] = new DeltaWriter(service.outlet(i));
        }
        service.restore(CheckpointPolicyTest::ignore);
    }

    private static void ignore(final long address, final int length)
    {
    }

    private void close()
    {
        for (final DeltaWriter writer : writers)
        {
            writer.abort();
        }
        service.close();
        service = null;
    }

    private void work()
    {
        for (int i = 0; i < 5; i++)
        {
            service.doWork();
        }
    }

    private void complete()
    {
        final long id = service.request();
        work();
        nanos += 7;
        finish(id);
        assertEquals(id, service.completedCheckpoint());
    }

    private void decline()
    {
        declining = true;
        final long id = service.request();
        finish(id);
        declining = false;
        assertEquals(id, service.settledCheckpoint());
        assertTrue(service.completedCheckpoint() < id);
    }

    private void finish(final long id)
    {
        work();
        handIn(0, id);
        handIn(1, id);
        work();
        assertEquals(id, service.settledCheckpoint());
    }

    private void handIn(final int task, final long id)
    {
        writers[task].begin(id);
        writers[task].blob(task, 0, scratch.address(), 100);
        writers[task].finish();
        service.paused(task, id, id * 1_000 + task, id * 10 + task);
        assertTrue(service.acknowledge(task, id));
    }

    /** Declines what is begun while the test says so. */
    private final class DecliningStore extends ForwardingSnapshotStore
    {
        private DecliningStore(final SnapshotStore store)
        {
            super(store);
        }

        @Override
        public CheckpointWriter begin(final long id, final boolean full)
        {
            if (declining)
            {
                throw new CheckpointDeclinedException("full disk", null);
            }
            return super.begin(id, full);
        }
    }
}
