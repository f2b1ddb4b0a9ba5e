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
package io.millrace.operators;

import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.PlanNode;
import io.millrace.memory.record.RecordType;

/**
 * A stream that every instance of the next operator gets all of. Connected with another stream it is the side that writes
 * broadcast state.
 *
 * @param <V> read-only view of the records
 */
public final class BroadcastStream<V> extends DataStream<V>
{
    BroadcastStream(final Pipeline pipeline, final PlanNode node, final String tag, final RecordType<V, ?> type)
    {
        super(pipeline, node, tag, type, Exchange.BROADCAST);
    }
}
