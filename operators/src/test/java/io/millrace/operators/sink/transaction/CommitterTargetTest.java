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

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.testing.OperatorHarness;
import io.millrace.core.testing.OperatorSnapshot;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.sink.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The rule 2PC-8 of SEMANTICS.md, call by call. */
class CommitterTargetTest
{
    private final List<String> calls = new ArrayList<>();
    private Consumer<CommitRequest<String>> answer = request ->
    {
    };
    private OperatorHarness<ReadingFlyweight, Void> harness;

    @BeforeEach
    void begin()
    {
        harness = newHarness().open();
    }

    @AfterEach
    void close()
    {
        harness.close();
    }

    private OperatorHarness<ReadingFlyweight, Void> newHarness()
    {
        final TwoPhaseCommitSink<List<String>, Reading> sink =
            TwoPhaseCommitSink.of(type -> new CommitterTarget<>(new Writer(), new Recorder()));
        return OperatorHarness.<ReadingFlyweight, Void>of(
            sink.factory(ReadingFlyweight.TYPE), ReadingFlyweight.TYPE, null).checkpointing();
    }

    private void restart(final OperatorSnapshot snapshot)
    {
        harness.close();
        calls.clear();
        harness = newHarness();
        harness.restore(snapshot);
    }

    private String take()
    {
        final String taken = String.join(" ", calls);
        calls.clear();
        return taken;
    }

    private void push(final long value)
    {
        harness.push(value, reading -> reading.value(value));
    }

    @Test
    void shouldFollow2PC8FlushAndPrepareBeforeTheBarrierAndCommitWhenItIsComplete()
    {
        push(1);
        push(2);
        harness.barrier();
        assertEquals("write(1) write(2) flush(false) prepareCommit", take());
        push(3);
        harness.barrier();
        take();
        harness.checkpointComplete(1);
        assertEquals("commit(1#0 2#0)", take());
        harness.checkpointComplete(2);
        assertEquals("commit(3#0)", take());
    }

    @Test
    void shouldNotAskForNothing()
    {
        harness.barrier();
        harness.checkpointComplete(1);
        assertEquals("flush(false) prepareCommit", take());
    }

    @Test
    void shouldFollow2PC8CommitAgainWhatWasPendingInASnapshot()
    {
        push(1);
        final OperatorSnapshot snapshot = harness.barrier();
        harness.checkpointComplete(1);
        answer = CommitRequest::signalAlreadyCommitted;
        restart(snapshot);
        assertEquals("commit(1#0)", take());
    }

    @Test
    void shouldFollow2PC8AskAgainForWhatIsToBeRetriedAlone()
    {
        answer = request ->
        {
            if ("2".equals(request.committable()) && request.numberOfRetries() < 2)
            {
                request.retryLater();
            }
            else if ("3".equals(request.committable()))
            {
                request.updateAndRetryLater("rest of 3");
            }
        };
        push(1);
        push(2);
        push(3);
        harness.barrier();
        take();
        harness.checkpointComplete(1);
        assertEquals("commit(1#0 2#0 3#0) commit(2#1 rest of 3#1) commit(2#2)", take());
    }

    @Test
    void shouldFailAndCommitInTheNextLifeWhatIsToBeRetriedForEver()
    {
        answer = CommitRequest::retryLater;
        push(1);
        final OperatorSnapshot snapshot = harness.barrier();
        final String failure =
            assertThrows(IllegalStateException.class, () -> harness.checkpointComplete(1)).getMessage();
        assertTrue(failure.contains("were asked for " + (CommitterTarget.MAX_RETRIES + 1) + " times"), failure);
        answer = request ->
        {
        };
        restart(snapshot);
        assertEquals("commit(1#0)", take());
    }

    @Test
    void shouldFollow2PC8GoOnBehindAKnownReasonAndFailForAnUnknownOne()
    {
        answer = request -> request.signalFailedWithKnownReason(new IllegalStateException("the table is gone"));
        push(1);
        harness.barrier();
        harness.checkpointComplete(1);
        answer = request -> request.signalFailedWithUnknownReason(new IllegalStateException("line is dead"));
        push(2);
        final OperatorSnapshot snapshot = harness.barrier();
        final String failure =
            assertThrows(IllegalStateException.class, () -> harness.checkpointComplete(2)).getMessage();
        assertTrue(failure.contains("committable=2") && failure.contains("line is dead"), failure);
        answer = request ->
        {
        };
        restart(snapshot);
        assertEquals("commit(2#0)", take());
    }

    @Test
    void shouldFlushTheEndOfTheInput()
    {
        push(1);
        harness.watermark(Long.MAX_VALUE);
        harness.barrier();
        harness.checkpointComplete(1);
        assertEquals("write(1) flush(true) prepareCommit commit(1#0)", take());
    }

    private final class Writer implements CommittingWriter<String, Reading>
    {
        private final List<String> written = new ArrayList<>();

        @Override
        public void write(final Reading record, final RecordMetadata metadata)
        {
            calls.add("write(" + record.value() + ")");
            written.add(String.valueOf(record.value()));
        }

        @Override
        public void flush(final boolean endOfInput)
        {
            calls.add("flush(" + endOfInput + ")");
        }

        @Override
        public List<String> prepareCommit()
        {
            calls.add("prepareCommit");
            final List<String> prepared = List.copyOf(written);
            written.clear();
            return prepared;
        }

        @Override
        public void writeCommittable(final String committable, final BlobWriter writer)
        {
            writer.putText(committable);
        }

        @Override
        public String readCommittable(final BlobReader reader)
        {
            return reader.getText();
        }
    }

    private final class Recorder implements Committer<String>
    {
        @Override
        public void commit(final List<? extends CommitRequest<String>> requests)
        {
            final List<String> asked = new ArrayList<>();
            for (final CommitRequest<String> request : requests)
            {
                asked.add(request.committable() + "#" + request.numberOfRetries());
                answer.accept(request);
            }
            calls.add("commit(" + String.join(" ", asked) + ")");
        }
    }
}
