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

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.DebugMode;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.transform.RecordOperator;

/**
 * Writes every record to a file, in blocks of whole records. A snapshot holds the length of the file, to which it is cut
 * after a restart.
 *
 * @param <V> read-only view of the records
 */
public final class FileOperator<V> extends RecordOperator<V> implements SkippingOperator
{
    private final FileSink.LineFunction<? super V> lines;
    private final FileSink.BytesFunction<? super V> bytes;
    private final FileTarget target;
    private final boolean forced;
    private final RecordBuffer buffer = new RecordBuffer();
    private boolean checkpointing;

    /**
     * A sink.
     *
     * @param type   of the records
     * @param sink   that the user declared
     */
    public FileOperator(final RecordType<V, ?> type, final FileSink<? super V> sink)
    {
        super(type);
        this.lines = sink.lines();
        this.bytes = sink.bytes();
        this.target = sink.newTarget();
        this.forced = sink.isForced();
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        checkpointing = context.checkpointing();
        target.check();
    }

    @Override
    public void restore(final BlobReader reader)
    {
        final long length = reader.getLong();
        target.resume(length, reader.getInt() != 0);
    }

    @Override
    public void start()
    {
        if (!target.isOpen())
        {
            target.begin(!checkpointing);
        }
    }

    @Override
    public boolean process(final long slot)
    {
        final RecordBuffer buffer = this.buffer.begin();
        if (lines != null)
        {
            lines.write(view(slot), buffer);
            buffer.endLine();
        }
        else
        {
            bytes.write(view(slot), buffer);
            buffer.end();
        }
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        if (buffer.full())
        {
            flush();
        }
        return true;
    }

    private void flush()
    {
        final int ready = buffer.ready();
        if (ready > 0)
        {
            // Forgotten first: what cannot be written must not be tried again when the sink is closed.
            buffer.clear();
            target.write(buffer.bytes(), ready);
        }
    }

    @Override
    public void idle()
    {
        flush();
    }

    @Override
    public void prepareSnapshot(final long checkpointId)
    {
        flush();
        if (forced)
        {
            target.force();
        }
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(target.length()).putInt(target.named() ? 1 : 0);
    }

    @Override
    public void checkpointComplete(final long checkpointId)
    {
        target.name(forced);
    }

    @Override
    public boolean finish(final long slot)
    {
        flush();
        if (forced)
        {
            target.force();
        }
        target.name(forced);
        return true;
    }

    @Override
    public void close()
    {
        try (target)
        {
            if (target.isOpen())
            {
                flush();
            }
        }
    }
}
