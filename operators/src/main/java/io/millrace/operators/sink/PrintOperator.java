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
package io.millrace.operators.sink;

import io.millrace.core.operator.SkippingOperator;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.transform.RecordOperator;

import java.io.PrintStream;

/**
 * Prints every record on a line, behind its time.
 *
 * @param <V> read-only view of the records
 */
public final class PrintOperator<V> extends RecordOperator<V> implements SkippingOperator
{
    private final PrintStream out;
    private final String prefix;
    private final StringBuilder line = new StringBuilder();

    /**
     * A sink.
     *
     * @param type   of the records
     * @param out    to print to
     * @param prefix of each line
     */
    public PrintOperator(final RecordType<V, ?> type, final PrintStream out, final String prefix)
    {
        super(type);
        this.out = out;
        this.prefix = prefix;
    }

    @Override
    public boolean process(final long slot)
    {
        line.setLength(0);
        line.append(prefix);
        final long timestamp = SlotDescriptor.timestamp(slot);
        if (timestamp != Long.MIN_VALUE)
        {
            line.append('@').append(timestamp).append(' ');
        }
        line.append(view(slot));
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        out.println(line);
        return true;
    }

    @Override
    public void idle()
    {
        out.flush();
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        out.flush();
    }

    @Override
    public boolean finish(final long slot)
    {
        out.flush();
        return true;
    }
}
