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
package io.millrace.laboratory;

import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;

import java.util.HashMap;
import java.util.Map;

/** Counts and adds up by key. Its fault makes it keep the sums where no checkpoint sees them. */
final class Tallying implements KeyedProcessFunction<LongKey, Impulse, TallyFlyweight>
{
    private final JobFault fault;
    private final Map<Long, Long> unsaved = new HashMap<>();
    private LongState count;
    private LongState sum;

    Tallying(final JobFault fault)
    {
        this.fault = fault;
    }

    @Override
    public void open(final StateStore states)
    {
        count = states.longValue("count");
        sum = states.longValue("sum");
    }

    @Override
    public void processElement(
        final Impulse impulse, final KeyedContext<LongKey> context, final Collector<TallyFlyweight> out)
    {
        final long total = fault == JobFault.STATE_ON_THE_HEAP ?
            unsaved.merge(impulse.key(), impulse.amount(), Long::sum) : sum.add(impulse.amount());
        out.next().key(impulse.key()).count(count.add(1)).sum(total)
            .partition(impulse.partition()).sequence(impulse.sequence());
        out.emit();
    }
}
