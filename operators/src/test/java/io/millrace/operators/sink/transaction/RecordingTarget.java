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
import io.millrace.operators.Reading;
import io.millrace.operators.sink.RecordMetadata;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes down every call, as {@code preCommit(T0)}. Transactions are called T and their number; from the second epoch on, T
 * and a hundred times the epoch: the second life's first is T100.
 */
final class RecordingTarget implements TransactionalTarget<String, Reading>
{
    /** What outlives a life: the calls, and what fails. */
    static final class Log
    {
        private final List<String> calls = new ArrayList<>();
        private final Set<String> failing = new HashSet<>();

        void fail(final String call)
        {
            failing.add(call);
        }

        void mend()
        {
            failing.clear();
        }

        /** The calls since the last call of this. */
        String take()
        {
            final String taken = String.join(" ", calls);
            calls.clear();
            return taken;
        }

        private void call(final String call)
        {
            calls.add(call);
            if (failing.contains(call))
            {
                throw new IllegalStateException("no " + call);
            }
        }
    }

    private final Log log;
    private long first = -1;

    RecordingTarget(final Log log)
    {
        this.log = log;
    }

    @Override
    public void open(final TransactionScope scope)
    {
        log.call("open(" + scope.text() + ")");
    }

    @Override
    public String begin(final TransactionName name)
    {
        first = first < 0 ? name.number() : first;
        final String transaction = "T" + (name.epoch() * 100 + name.number() - (name.epoch() == 0 ? 0 : first));
        log.call("begin(" + transaction + ")");
        return transaction;
    }

    @Override
    public void invoke(final String transaction, final Reading record, final RecordMetadata metadata)
    {
        log.call("invoke(" + transaction + "," + record.value() + ")");
    }

    @Override
    public void finishProcessing(final String transaction)
    {
        log.call("finishProcessing(" + transaction + ")");
    }

    @Override
    public void preCommit(final String transaction)
    {
        log.call("preCommit(" + transaction + ")");
    }

    @Override
    public void commit(final String transaction)
    {
        log.call("commit(" + transaction + ")");
    }

    @Override
    public void abort(final String transaction)
    {
        log.call("abort(" + transaction + ")");
    }

    @Override
    public void recoverAndCommit(final String transaction)
    {
        log.call("recoverAndCommit(" + transaction + ")");
    }

    @Override
    public void recoverAndAbort(final String transaction)
    {
        log.call("recoverAndAbort(" + transaction + ")");
    }

    @Override
    public void fence(final TransactionName next)
    {
        log.call("fence(" + next.epoch() + "/" + next.number() + ")");
    }

    @Override
    public void write(final String transaction, final BlobWriter writer)
    {
        writer.putText(transaction);
    }

    @Override
    public String read(final BlobReader reader)
    {
        return reader.getText();
    }

    @Override
    public void close()
    {
        log.call("close()");
    }
}
