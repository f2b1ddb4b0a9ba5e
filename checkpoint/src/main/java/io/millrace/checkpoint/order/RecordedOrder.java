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
package io.millrace.checkpoint.order;

import io.millrace.checkpoint.files.LocalFiles;
import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.core.checkpoint.OrderRecording;
import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.core.ordering.OrderLogReader;
import io.millrace.memory.MemoryAccount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The order log in a directory that another job has, or had: read a frame of 64 KiB at a time. */
final class RecordedOrder implements OrderRecording
{
    private final Path directory;
    private final long firstBatch;

    RecordedOrder(final Path directory, final long firstBatch)
    {
        this.directory = directory;
        this.firstBatch = firstBatch;
    }

    @Override
    public void replay(final OrderLogHandler handler)
    {
        try (OrderLogReader reader = open())
        {
            reader.readAll(handler);
        }
    }

    @Override
    public OrderLogReader open()
    {
        if (!Files.isDirectory(directory))
        {
            throw new IllegalStateException("order log=" + directory +
                " is not there: a job with several sources and checkpoints makes one");
        }
        OrderFileReader reader = null;
        boolean begun = false;
        try
        {
            final StorageFiles files = new LocalFiles(directory);
            reader = new OrderFileReader(files, directory, OrderFileReader.ANY_PLAN, new MemoryAccount("recording"));
            reader.begin(OrderFile.list(files), firstBatch);
            begun = true;
            return reader;
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot read order log=" + directory, exception);
        }
        finally
        {
            if (!begun && reader != null)
            {
                reader.close();
            }
        }
    }
}
