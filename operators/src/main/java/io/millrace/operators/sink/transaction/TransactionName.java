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

import java.util.Objects;

/**
 * What a transaction is called. The epoch grows by one with each life that begins from a snapshot, the number with each
 * transaction, and both are part of the snapshot. Two lives that begin from the same snapshot use the same names: the
 * later one ends what the earlier one left open, see {@link TransactionalTarget#fence}, before it uses them.
 *
 * @param scope  whose transaction it is
 * @param epoch  from 0
 * @param number from 0, growing through all epochs
 */
public record TransactionName(TransactionScope scope, long epoch, long number)
{
    /**
     * A name.
     */
    public TransactionName
    {
        Objects.requireNonNull(scope, "scope");
    }

    /**
     * The name as text.
     *
     * @return {@code job/operator/instance/epoch/number}
     */
    public String text()
    {
        return scope.text() + '/' + epoch + '/' + number;
    }

    @Override
    public String toString()
    {
        return text();
    }
}
