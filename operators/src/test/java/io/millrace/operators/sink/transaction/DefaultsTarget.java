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

/** The least that a target is. */
final class DefaultsTarget implements TransactionalTarget<String, Reading>
{
    private final StringBuilder calls;

    DefaultsTarget(final StringBuilder calls)
    {
        this.calls = calls;
    }

    @Override
    public void open(final TransactionScope scope)
    {
    }

    @Override
    public String begin(final TransactionName name)
    {
        return name.text();
    }

    @Override
    public void invoke(final String transaction, final Reading record, final RecordMetadata metadata)
    {
    }

    @Override
    public void preCommit(final String transaction)
    {
    }

    @Override
    public void commit(final String transaction)
    {
        calls.append("commit(").append(transaction).append(") ");
    }

    @Override
    public void abort(final String transaction)
    {
        calls.append("abort(").append(transaction).append(") ");
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
