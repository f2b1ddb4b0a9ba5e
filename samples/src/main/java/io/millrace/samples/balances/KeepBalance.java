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
package io.millrace.samples.balances;

import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;

/** Adds up what came to an account, and lets the transfer pass. */
final class KeepBalance implements KeyedProcessFunction<LongKey, Transfer, TransferFlyweight>
{
    private LongState balance;

    @Override
    public void open(final StateStore states)
    {
        balance = states.longValue("balance");
    }

    @Override
    public void processElement(
        final Transfer transfer, final KeyedContext<LongKey> context, final Collector<TransferFlyweight> out)
    {
        balance.add(transfer.amount());
        out.next().set(transfer);
        out.emit();
    }
}
