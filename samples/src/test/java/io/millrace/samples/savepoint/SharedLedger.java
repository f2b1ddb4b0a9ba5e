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
package io.millrace.samples.savepoint;

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.operators.sink.RecordMetadata;
import io.millrace.operators.sink.transaction.TransactionName;
import io.millrace.operators.sink.transaction.TransactionScope;
import io.millrace.operators.sink.transaction.TransactionalTarget;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A database in memory that all instances of a sink write to, and that outlives jobs; it knows who commits what. */
final class SharedLedger
{
    private final Map<String, List<Long>> open = new TreeMap<>();
    private final Map<String, List<Long>> prepared = new TreeMap<>();
    private final Map<String, Integer> commits = new TreeMap<>();
    private final List<Long> committed = new ArrayList<>();

    List<Long> committed()
    {
        return committed;
    }

    /** Number of transactions that wait to be committed or rolled back. */
    int waiting()
    {
        return prepared.size();
    }

    /** How often a commit was asked for in one life, at most. */
    int mostCommits()
    {
        return commits.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** Another life begins: what was not prepared went with the process. */
    void crash()
    {
        open.clear();
        commits.clear();
    }

    /** An instance's way to it. */
    final class Target implements TransactionalTarget<String, Tick>
    {
        @Override
        public void open(final TransactionScope scope)
        {
            // All share one ledger.
        }

        @Override
        public String begin(final TransactionName name)
        {
            if (prepared.containsKey(name.text()) || open.put(name.text(), new ArrayList<>()) != null)
            {
                throw new IllegalStateException("transaction=" + name + " is there already");
            }
            return name.text();
        }

        @Override
        public void invoke(final String transaction, final Tick record, final RecordMetadata metadata)
        {
            open.get(transaction).add(record.value());
        }

        @Override
        public void preCommit(final String transaction)
        {
            prepared.put(transaction, open.remove(transaction));
        }

        @Override
        public void commit(final String transaction)
        {
            commits.merge(transaction, 1, Integer::sum);
            final List<Long> values = prepared.remove(transaction);
            if (values != null)
            {
                committed.addAll(values);
            }
        }

        @Override
        public void abort(final String transaction)
        {
            open.remove(transaction);
            prepared.remove(transaction);
        }

        @Override
        public void fence(final TransactionName first)
        {
            prepared.keySet().removeIf(name -> name.startsWith(first.scope().text() + '/'));
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
    }
}
