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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A database in memory: transactions by their names, and what is committed. With one mistake, or without. */
class LedgerTarget implements TransactionalTarget<String, Reading>
{
    /** Mistakes that a target may make. */
    enum Mistake
    {
        NONE,
        COMMITS_AT_PRE_COMMIT,
        FORGETS_PENDING_AT_RESTORE,
        COMMITS_TWICE,
        FORGETS_TO_FENCE,
        LOSES_WHAT_IS_NOT_PRE_COMMITTED_LATE,
        ABORT_DOES_NOTHING
    }

    /** What outlives the process. */
    static final class Ledger
    {
        final Map<String, List<Long>> open = new TreeMap<>();
        final Map<String, List<Long>> prepared = new TreeMap<>();
        final List<Long> committed = new ArrayList<>();
    }

    private final Ledger ledger;
    private final Mistake mistake;

    LedgerTarget(final Ledger ledger, final Mistake mistake)
    {
        this.ledger = ledger;
        this.mistake = mistake;
    }

    @Override
    public void open(final TransactionScope newScope)
    {
    }

    @Override
    public String begin(final TransactionName name)
    {
        if (ledger.open.containsKey(name.text()) || ledger.prepared.containsKey(name.text()))
        {
            if (mistake == Mistake.FORGETS_TO_FENCE)
            {
                return name.text();
            }
            throw new IllegalStateException("transaction=" + name + " is there already");
        }
        ledger.open.put(name.text(), new ArrayList<>());
        return name.text();
    }

    @Override
    public void invoke(final String transaction, final Reading record, final RecordMetadata metadata)
    {
        ledger.open.computeIfAbsent(transaction, name -> new ArrayList<>()).add(record.value());
    }

    @Override
    public void preCommit(final String transaction)
    {
        final List<Long> values = ledger.open.remove(transaction);
        if (mistake == Mistake.LOSES_WHAT_IS_NOT_PRE_COMMITTED_LATE && values.size() > 5)
        {
            values.remove(values.size() - 1);
        }
        ledger.prepared.put(transaction, values);
        if (mistake == Mistake.COMMITS_AT_PRE_COMMIT)
        {
            ledger.committed.addAll(values);
        }
    }

    @Override
    public void commit(final String transaction)
    {
        final List<Long> values =
            mistake == Mistake.COMMITS_TWICE ? ledger.prepared.get(transaction) : ledger.prepared.remove(transaction);
        if (values != null && mistake != Mistake.COMMITS_AT_PRE_COMMIT)
        {
            ledger.committed.addAll(values);
        }
    }

    @Override
    public void recoverAndCommit(final String transaction)
    {
        if (mistake != Mistake.FORGETS_PENDING_AT_RESTORE)
        {
            commit(transaction);
        }
    }

    @Override
    public void abort(final String transaction)
    {
        if (mistake != Mistake.ABORT_DOES_NOTHING)
        {
            ledger.open.remove(transaction);
            ledger.prepared.remove(transaction);
        }
    }

    @Override
    public void fence(final TransactionName first)
    {
        if (mistake != Mistake.FORGETS_TO_FENCE && mistake != Mistake.ABORT_DOES_NOTHING)
        {
            final String prefix = first.scope().text() + '/';
            ledger.open.keySet().removeIf(name -> name.startsWith(prefix));
            ledger.prepared.keySet().removeIf(name -> name.startsWith(prefix));
        }
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
