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
package io.millrace.operators.sink.transaction;

import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The rules 2PC-1 to 2PC-7 of SEMANTICS.md, call by call. */
class TwoPhaseCommitSemanticsTest
{
    private final RecordingTarget.Log log = new RecordingTarget.Log();
    private TwoPhaseCommitSink<String, Reading> sink = TwoPhaseCommitSink.of(type -> new RecordingTarget(log));
    private long now;
    private OperatorHarness<ReadingFlyweight, Void> harness;

    @BeforeEach
    void begin()
    {
        harness = newHarness().open();
    }

    @AfterEach
    void close()
    {
        log.mend();
        harness.close();
    }

    private OperatorHarness<ReadingFlyweight, Void> newHarness()
    {
        return OperatorHarness.<ReadingFlyweight, Void>of(
            sink.factory(ReadingFlyweight.TYPE), ReadingFlyweight.TYPE, null).checkpointing();
    }

    /** As a process that dies: without a close of the transactions. */
    private void restart(final OperatorSnapshot snapshot)
    {
        harness.close();
        harness = newHarness();
        log.take();
        if (snapshot == null)
        {
            harness.open();
        }
        else
        {
            harness.restore(snapshot);
        }
    }

    private void restart(final TwoPhaseCommitSink<String, Reading> other, final OperatorSnapshot snapshot)
    {
        sink = other;
        restart(snapshot);
    }

    private void push(final long value)
    {
        harness.push(value, reading -> reading.value(value));
    }

    @Test
    void shouldFollow2PC1BeginInvokePreCommitBeginThenStore()
    {
        assertEquals("open(test/operator/0) fence(0/0) begin(T0)", log.take());
        push(7);
        assertEquals("invoke(T0,7)", log.take());
        final OperatorSnapshot snapshot = harness.barrier();
        assertEquals("preCommit(T0) begin(T1)", log.take());
        // What was stored is the pending one and the next.
        restart(snapshot);
        assertEquals(
            "open(test/operator/0) recoverAndCommit(T0) recoverAndAbort(T1) fence(1/2) begin(T100)", log.take());
    }

    @Test
    void shouldFollow2PC2CommitsAreCumulativeAndInOrder()
    {
        push(1);
        harness.barrier();
        push(2);
        harness.barrier();
        push(3);
        log.take();
        harness.checkpointComplete(2);
        assertEquals("commit(T0) commit(T1)", log.take());
        harness.checkpointComplete(1);
        harness.checkpointComplete(2);
        assertEquals("", log.take());
        assertEquals(2, harness.counter("transactionsCommitted"));
        harness.barrier();
        harness.checkpointComplete(3);
        assertEquals("preCommit(T2) begin(T3) commit(T2)", log.take());
    }

    @Test
    void shouldFollow2PC3RestoreCommitsThePendingAndAbortsTheCurrent()
    {
        push(1);
        final OperatorSnapshot first = harness.barrier();
        push(2);
        harness.barrier();
        harness.checkpointComplete(2);
        restart(first);
        // T0 is committed already: recoverAndCommit must be idempotent.
        assertEquals("open(test/operator/0) recoverAndCommit(T0) recoverAndAbort(T1) fence(1/2) begin(T100)", log.take());
        final OperatorSnapshot third = harness.barrier();
        restart(third);
        assertEquals(
            "open(test/operator/0) recoverAndCommit(T100) recoverAndAbort(T101) fence(2/4) begin(T200)", log.take());
    }

    @Test
    void shouldFollow2PC3AllPendingInOrderOfTheirCheckpoints()
    {
        harness.barrier();
        harness.barrier();
        final OperatorSnapshot third = harness.barrier();
        restart(third);
        assertEquals("open(test/operator/0) recoverAndCommit(T0) recoverAndCommit(T1) recoverAndCommit(T2) " +
            "recoverAndAbort(T3) fence(1/4) begin(T100)", log.take());
    }

    @Test
    void shouldFollow2PC3TwiceFromTheSameSnapshotWithTheSameNames()
    {
        final OperatorSnapshot first = harness.barrier();
        restart(first);
        final String once = log.take();
        push(1);
        harness.barrier();
        restart(first);
        assertEquals(once, log.take());
    }

    @Test
    void shouldFollow2PC4AFailedCommitStopsNoOther()
    {
        harness.barrier();
        harness.barrier();
        final OperatorSnapshot third = harness.barrier();
        log.take();
        log.fail("commit(T0)");
        log.fail("commit(T2)");
        final IllegalStateException failure =
            assertThrows(IllegalStateException.class, () -> harness.checkpointComplete(3));
        assertEquals("commit(T0) commit(T1) commit(T2)", log.take());
        assertTrue(failure.getMessage().contains("transaction=test/operator/0/0/0 of checkpoint=1"), failure.getMessage());
        assertEquals(1, failure.getSuppressed().length);
        assertTrue(failure.getSuppressed()[0].getMessage().contains("transaction=test/operator/0/0/2 of checkpoint=3"));
        log.mend();
        restart(third);
        assertEquals("open(test/operator/0) recoverAndCommit(T0) recoverAndCommit(T1) recoverAndCommit(T2) " +
            "recoverAndAbort(T3) fence(1/4) begin(T100)", log.take());
    }

    @Test
    void shouldFollow2PC4AlsoInRecovery()
    {
        harness.barrier();
        final OperatorSnapshot second = harness.barrier();
        log.fail("recoverAndCommit(T0)");
        harness.close();
        log.take();
        harness = newHarness();
        assertThrows(IllegalStateException.class, () -> harness.restore(second));
        // Nothing is aborted, fenced or begun.
        assertEquals("open(test/operator/0) recoverAndCommit(T0) recoverAndCommit(T1)", log.take());
        harness.close();
        assertEquals("close()", log.take());
        harness = newHarness().open();
    }

    @Test
    void shouldFollow2PC5CloseAbortsTheCurrentAndLeavesThePending()
    {
        harness.barrier();
        push(5);
        log.take();
        harness.close();
        assertEquals("finishProcessing(T1) abort(T1) close()", log.take());
        harness = newHarness().open();
    }

    @Test
    void shouldFollow2PC5AlsoWhenFinishProcessingFails()
    {
        log.take();
        log.fail("finishProcessing(T0)");
        assertThrows(IllegalStateException.class, () -> harness.close());
        assertEquals("finishProcessing(T0) abort(T0) close()", log.take());
        harness = newHarness().open();
    }

    @Test
    void shouldFollow2PC6TheEndCommitsWithTheLastCheckpoint()
    {
        push(1);
        log.take();
        harness.watermark(Long.MAX_VALUE);
        assertEquals("finishProcessing(T0)", log.take());
        final IllegalStateException failure = assertThrows(IllegalStateException.class, () -> push(2));
        assertTrue(failure.getMessage().contains("after the last watermark"), failure.getMessage());
        harness.barrier();
        assertEquals("preCommit(T0)", log.take());
        // Sources that have not ended may need further checkpoints.
        harness.barrier();
        assertEquals("", log.take());
        harness.checkpointComplete();
        assertEquals("commit(T0)", log.take());
        harness.finish();
        harness.close();
        assertEquals("close()", log.take());
        harness = newHarness().open();
    }

    @Test
    void shouldFollow2PC6ARestoredEndBeginsAndEndsWithNothing()
    {
        push(1);
        harness.watermark(Long.MAX_VALUE);
        final OperatorSnapshot last = harness.barrier();
        restart(last);
        assertEquals("open(test/operator/0) recoverAndCommit(T0) fence(1/1) begin(T100)", log.take());
        harness.close();
        assertEquals("finishProcessing(T100) abort(T100) close()", log.take());
        harness = newHarness().open();
    }

    @Test
    void shouldFollow2PC6WithoutCheckpointsTheEndCommits()
    {
        harness.close();
        harness = OperatorHarness.<ReadingFlyweight, Void>of(
            sink.factory(ReadingFlyweight.TYPE), ReadingFlyweight.TYPE, null).open();
        push(1);
        log.take();
        harness.finish();
        assertEquals("finishProcessing(T0) preCommit(T0) commit(T0)", log.take());
        harness.close();
        assertEquals("close()", log.take());
        harness = newHarness().open();
    }

    @Test
    void shouldFollow2PC7RecoverByDefaultAsCommitAndAbortDo()
    {
        final StringBuilder calls = new StringBuilder();
        final TransactionalTarget<String, Reading> target = new DefaultsTarget(calls);
        target.recoverAndCommit("A");
        target.recoverAndAbort("B");
        assertEquals("commit(A) abort(B) ", calls.toString());
    }

    @Test
    void shouldFollow2PC7WarnOfTransactionsThatComeNearTheirTimeout()
    {
        restart(sink.transactionTimeout(Duration.ofSeconds(10), () -> now).timeoutWarningRatio(0.5), null);
        harness.barrier();
        now = 4_999;
        harness.checkpointComplete();
        assertEquals(0, harness.counter("transactionsNearTimeout"));
        harness.barrier();
        now = 9_999;
        harness.checkpointComplete();
        assertEquals(1, harness.counter("transactionsNearTimeout"));
    }

    @Test
    void shouldFollow2PC7GiveUpAfterTheTimeoutOnlyWhenLossIsAccepted()
    {
        final TwoPhaseCommitSink<String, Reading> timed = sink.transactionTimeout(Duration.ofSeconds(10), () -> now);
        restart(timed, null);
        final OperatorSnapshot first = harness.barrier();
        log.fail("recoverAndCommit(T0)");
        now = 10_001;
        assertThrows(IllegalStateException.class, () -> restart(first));
        restart(timed.ignoringFailuresAfterTimeout(), first);
        assertEquals("open(test/operator/0) recoverAndCommit(T0) recoverAndAbort(T1) fence(1/2) begin(T100)", log.take());
        assertEquals(1, harness.counter("transactionsLost"));
        // Not too old yet: whatever is accepted, it may still succeed.
        now = 10_000;
        assertThrows(IllegalStateException.class, () -> restart(first));
    }

    @Test
    void shouldBoundWhatIsPending()
    {
        restart(sink.maxPending(2), null);
        harness.barrier();
        harness.barrier();
        final IllegalStateException failure = assertThrows(IllegalStateException.class, () -> harness.barrier());
        assertTrue(failure.getMessage().contains("pending=2"), failure.getMessage());
        assertTrue(failure.getMessage().contains("maxPending(n)"), failure.getMessage());
        harness.checkpointComplete(1);
        harness.barrier();
    }

    @Test
    void shouldRefuseSettingsThatCannotBe()
    {
        assertThrows(IllegalArgumentException.class, () -> sink.maxPending(0));
        assertThrows(IllegalArgumentException.class, () -> sink.transactionTimeout(Duration.ZERO, () -> 0));
        assertThrows(IllegalStateException.class, () -> sink.timeoutWarningRatio(0.5));
        assertThrows(IllegalStateException.class, () -> sink.ignoringFailuresAfterTimeout());
    }
}
