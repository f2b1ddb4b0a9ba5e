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
import io.millrace.operators.sink.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;

/**
 * A writer and a committer as a target of a {@link TwoPhaseCommitSink}: the contract of Flink's Sink V2 (SEMANTICS.md 2PC-8).
 * <pre>
 *   orders.sink(TwoPhaseCommitSink.of(type -&gt; new CommitterTarget&lt;&gt;(new OrderFiles(type), new Publisher()))).startNewChain();
 *
 *   record          write
 *   barrier n       flush(false)  prepareCommit -&gt; committables, in the snapshot
 *   n is complete   commit(requests)  commit(those that asked for it)  ...
 *   end of input    flush(true)
 *   restored        commit(requests) of what was pending: signalAlreadyCommitted() of what had been committed
 * </pre>
 * A request that asks to be retried is asked again at once, {@value #MAX_RETRIES} times at most; then the job fails, and its restart
 * strategy says when it is asked again. A committer that must wait longer for its service waits itself, on the task's thread.
 *
 * @param <C> committable
 * @param <V> read-only view of the records
 */
public final class CommitterTarget<C, V> implements TransactionalTarget<List<C>, V>
{
    /** How often a request is asked again in one life. */
    public static final int MAX_RETRIES = 10;

    private static final Logger LOGGER = LoggerFactory.getLogger(CommitterTarget.class);

    private final CommittingWriter<C, V> writer;
    private final Committer<C> committer;
    private final BlobWriter part = new BlobWriter();
    private TransactionScope scope;
    private boolean ended;

    /**
     * A target.
     *
     * @param writer    of its records; closed with it
     * @param committer of what the writer prepares; closed with it
     */
    public CommitterTarget(final CommittingWriter<C, V> writer, final Committer<C> committer)
    {
        this.writer = writer;
        this.committer = committer;
    }

    @Override
    public void open(final TransactionScope newScope)
    {
        scope = newScope;
        writer.open(newScope);
    }

    @Override
    public List<C> begin(final TransactionName name)
    {
        return new ArrayList<>();
    }

    @Override
    public void invoke(final List<C> transaction, final V record, final RecordMetadata metadata)
    {
        writer.write(record, metadata);
    }

    @Override
    public void finishProcessing(final List<C> transaction)
    {
        ended = true;
    }

    @Override
    public void preCommit(final List<C> transaction)
    {
        writer.flush(ended);
        transaction.addAll(writer.prepareCommit());
    }

    @Override
    public void commit(final List<C> transaction)
    {
        List<Request<C>> requests = new ArrayList<>();
        for (final C committable : transaction)
        {
            requests.add(new Request<>(committable, 0));
        }
        while (!requests.isEmpty())
        {
            committer.commit(List.copyOf(requests));
            requests = unfinished(requests);
        }
    }

    private List<Request<C>> unfinished(final List<Request<C>> requests)
    {
        final List<Request<C>> again = new ArrayList<>();
        for (final Request<C> request : requests)
        {
            switch (request.outcome)
            {
                case RETRY -> again.add(new Request<>(request.committable, request.retries + 1));
                case LOST -> LOGGER.error("committable={} of sink {} is given up, what it holds is lost", request.committable,
                    scope.text(), request.cause);
                case FAILED -> throw new IllegalStateException("committable=" + request.committable + " of sink " + scope.text() +
                    " was not committed: " + request.cause, request.cause);
                default ->
                {
                }
            }
        }
        if (!again.isEmpty() && again.get(0).retries > MAX_RETRIES)
        {
            throw new IllegalStateException("committables=" + again.size() + " of sink " + scope.text() + " were asked for " +
                (MAX_RETRIES + 1) + " times, and are to be retried later; the first: " + again.get(0).committable +
                ": let the job's restart strategy wait for what they need");
        }
        return again;
    }

    @Override
    public void abort(final List<C> transaction)
    {
        transaction.clear();
    }

    @Override
    public void write(final List<C> transaction, final BlobWriter blob)
    {
        blob.putInt(transaction.size());
        for (final C committable : transaction)
        {
            part.reset();
            writer.writeCommittable(committable, part);
            blob.putInt(part.length()).putAll(part);
        }
    }

    @Override
    public List<C> read(final BlobReader reader)
    {
        final int count = reader.getInt();
        final List<C> transaction = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            transaction.add(writer.readCommittable(new BlobReader("committables", reader.getBytes())));
        }
        return transaction;
    }

    @Override
    public void close()
    {
        try (writer; committer)
        {
            ended = true;
        }
    }

    private enum Outcome
    {
        COMMITTED, RETRY, LOST, FAILED
    }

    private static final class Request<C> implements CommitRequest<C>
    {
        private final int retries;
        private C committable;
        private Outcome outcome = Outcome.COMMITTED;
        private Throwable cause;

        Request(final C committable, final int retries)
        {
            this.committable = committable;
            this.retries = retries;
        }

        @Override
        public C committable()
        {
            return committable;
        }

        @Override
        public int numberOfRetries()
        {
            return retries;
        }

        @Override
        public void retryLater()
        {
            outcome = Outcome.RETRY;
        }

        @Override
        public void updateAndRetryLater(final C updated)
        {
            committable = updated;
            outcome = Outcome.RETRY;
        }

        @Override
        public void signalAlreadyCommitted()
        {
            outcome = Outcome.COMMITTED;
        }

        @Override
        public void signalFailedWithKnownReason(final Throwable reason)
        {
            cause = reason;
            outcome = Outcome.LOST;
        }

        @Override
        public void signalFailedWithUnknownReason(final Throwable reason)
        {
            cause = reason;
            outcome = Outcome.FAILED;
        }
    }
}
