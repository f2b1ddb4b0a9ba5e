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
package io.millrace.checkpoint.savepoint;

import io.millrace.checkpoint.files.AddressBuffer;
import io.millrace.checkpoint.files.StorageFiles;

import java.io.IOException;

/** A file that blocks are put into, and that is read when all are there. It is deleted before the savepoint is complete. */
final class SpoolFile implements AutoCloseable
{
    private final StorageFiles files;
    private final AddressBuffer buffer = new AddressBuffer();
    private StorageFiles.WritableFile writable;
    private StorageFiles.ReadableFile readable;
    private long length;

    SpoolFile(final StorageFiles files) throws IOException
    {
        this.files = files;
        writable = files.create(SavepointDescriptor.SPOOL);
    }

    /** Appends a block; where it lies. */
    long append(final long address, final int bytes) throws IOException
    {
        writable.write(buffer.wrap(address, bytes));
        final long position = length;
        length += bytes;
        return position;
    }

    /** Ends the writing. */
    void turn() throws IOException
    {
        writable.close();
        writable = null;
        readable = files.open(SavepointDescriptor.SPOOL);
    }

    void read(final long position, final long address, final int bytes) throws IOException
    {
        readable.read(position, buffer.wrap(address, bytes));
    }

    @Override
    public void close() throws IOException
    {
        if (writable != null)
        {
            writable.close();
            writable = null;
        }
        if (readable != null)
        {
            readable.close();
            readable = null;
        }
        files.delete(SavepointDescriptor.SPOOL);
    }
}
