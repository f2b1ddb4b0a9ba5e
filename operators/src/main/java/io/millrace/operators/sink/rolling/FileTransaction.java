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
package io.millrace.operators.sink.rolling;

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the files stood when a transaction began, and which were closed in it: those are shown by its commit. The last
 * file may go on in the next transaction.
 * <pre>
 *   | sequence | length | period | checksum | number of closed files | sequence, length, checksum | ...
 * </pre>
 */
final class FileTransaction
{
    /** A file that is whole. */
    record ClosedFile(long sequence, long length, int checksum)
    {
    }

    /** Of the file that was open at the beginning; it had no length when there was none. */
    final long sequence;
    final long length;
    final long period;
    final int checksum;
    final List<ClosedFile> closed = new ArrayList<>();
    /** Whose files they are; its name says so, not its bytes. */
    final int instance;

    FileTransaction(final int instance, final long sequence, final long length, final long period, final int checksum)
    {
        this.instance = instance;
        this.sequence = sequence;
        this.length = length;
        this.period = period;
        this.checksum = checksum;
    }

    void write(final BlobWriter writer)
    {
        writer.putLong(sequence).putLong(length).putLong(period).putInt(checksum).putInt(closed.size());
        for (final ClosedFile file : closed)
        {
            writer.putLong(file.sequence).putLong(file.length).putInt(file.checksum);
        }
    }

    static FileTransaction read(final int instance, final BlobReader reader)
    {
        final FileTransaction transaction =
            new FileTransaction(instance, reader.getLong(), reader.getLong(), reader.getLong(), reader.getInt());
        final int count = reader.getInt();
        for (int i = 0; i < count; i++)
        {
            transaction.closed.add(new ClosedFile(reader.getLong(), reader.getLong(), reader.getInt()));
        }
        return transaction;
    }
}
