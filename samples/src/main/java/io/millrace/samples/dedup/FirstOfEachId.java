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
package io.millrace.samples.dedup;

import io.millrace.operators.function.Collector;
import io.millrace.operators.function.LongKey;
import io.millrace.operators.process.KeyedContext;
import io.millrace.operators.process.KeyedProcessFunction;
import io.millrace.operators.state.LongState;
import io.millrace.operators.state.StateStore;

/** Lets the first message of an id pass, and forgets the id some time later, so that state does not grow for ever. */
final class FirstOfEachId implements KeyedProcessFunction<LongKey, Message, MessageFlyweight>
{
    private final long rememberedMillis;
    private LongState seen;

    FirstOfEachId(final long rememberedMillis)
    {
        this.rememberedMillis = rememberedMillis;
    }

    @Override
    public void open(final StateStore states)
    {
        seen = states.longValue("seen");
    }

    @Override
    public void processElement(
        final Message message, final KeyedContext<LongKey> context, final Collector<MessageFlyweight> out)
    {
        if (seen.isEmpty())
        {
            seen.set(context.timestamp());
            context.timerService().registerEventTimeTimer(context.timestamp() + rememberedMillis);
            out.next().set(message);
            out.emit();
        }
    }

    @Override
    public void onTimer(
        final long timestamp, final KeyedContext<LongKey> context, final Collector<MessageFlyweight> out)
    {
        seen.clear();
    }
}
