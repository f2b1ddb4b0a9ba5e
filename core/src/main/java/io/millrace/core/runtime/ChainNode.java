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
package io.millrace.core.runtime;

import io.millrace.core.chain.BufferedOutput;
import io.millrace.core.operator.Operator;
import io.millrace.core.state.StateBackend;

import java.util.ArrayList;
import java.util.List;

/** One operator of a chain, with what the task does for it between records. */
final class ChainNode
{
    final String name;
    final String uid;
    final Operator operator;
    final NodeContext context;
    /** Whether a snapshot of the operator has bytes of its own, which the next snapshot must replace. */
    boolean hasBlob;
    /** Whether the operator was not opened, and so is not to be closed. */
    boolean unopened;
    /** Edges out of the operator that hold records back. */
    final List<BufferedOutput> buffered = new ArrayList<>();

    ChainNode(final String name, final String uid, final Operator operator, final NodeContext context)
    {
        this.name = name;
        this.uid = uid;
        this.operator = operator;
        this.context = context;
    }

    void close(final OrderlyClose closing)
    {
        if (!unopened)
        {
            closing.close("operator " + name, operator);
        }
        closing.close("state of operator " + name, backend());
    }

    StateBackend backend()
    {
        return context.openedState();
    }
}
