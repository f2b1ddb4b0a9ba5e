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

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;
import io.millrace.memory.record.RecordType;

/** A sink with a fault: it appends to a journal what comes, also what came before. */
final class ForgetfulSink implements StreamSink<Tally>
{
    private final JournalContext context;

    ForgetfulSink(final JournalContext context)
    {
        this.context = context;
    }

    @Override
    public OperatorFactory<Operator> factory(final RecordType<? extends Tally, ?> type)
    {
        return OperatorFactory.of(ForgetfulSinkOperator.class, context);
    }
}
