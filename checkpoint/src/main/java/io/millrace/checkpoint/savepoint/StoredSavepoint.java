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

import io.millrace.checkpoint.files.LocalFiles;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.PartDescription;
import io.millrace.core.savepoint.Savepoint;
import io.millrace.core.savepoint.SavepointEntries;
import io.millrace.core.savepoint.SavepointOrigin;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A savepoint in a directory, which is only read. */
final class StoredSavepoint implements Savepoint
{
    private final Path directory;
    private final SavepointManifest manifest;
    private final SavepointOrigin origin;
    private final List<OperatorReader> readers = new ArrayList<>();
    private final Region buffer;

    private StoredSavepoint(final Path directory, final StorageFiles files, final MemoryAccount account) throws IOException
    {
        this.directory = directory;
        final byte[] bytes = manifest(files);
        this.manifest = SavepointManifest.decode(directory, bytes);
        this.origin = new SavepointOrigin(manifest.checkpointId(), manifest.checkpointId() + "-" +
            HexFormat.of().toHexDigits(SavepointManifest.checksum(bytes, bytes.length)));
        this.buffer = OperatorReader.buffer(account);
        boolean opened = false;
        try
        {
            for (int i = 0; i < manifest.files().size(); i++)
            {
                readers.add(new OperatorReader(directory, files, SavepointDescriptor.operatorFile(i), job().operators().get(i),
                    manifest.files().get(i), job().maxParallelism()));
            }
            opened = true;
        }
        finally
        {
            if (!opened)
            {
                close();
            }
        }
    }

    static StoredSavepoint open(final Path directory, final MemoryAccount account)
    {
        SavepointWriter.checkName(directory);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS))
        {
            throw new IllegalStateException("savepoint=" + directory +
                " is not a directory: give the savepoint's own directory, not a link to it");
        }
        try
        {
            return new StoredSavepoint(directory, new LocalFiles(directory.toRealPath()), account);
        }
        catch (final IOException exception)
        {
            throw new SavepointDamagedException(directory, "it cannot be read: " + exception, exception);
        }
    }

    private byte[] manifest(final StorageFiles files) throws IOException
    {
        if (!files.list().contains(SavepointDescriptor.MANIFEST))
        {
            throw new SavepointDamagedException(directory, "it has no file " + SavepointDescriptor.MANIFEST +
                ", so it was never completed, or is no savepoint: use another");
        }
        try (StorageFiles.ReadableFile file = files.open(SavepointDescriptor.MANIFEST))
        {
            final long size = file.size();
            if (size > SavepointManifest.MAX_LENGTH)
            {
                throw new SavepointDamagedException(directory, "its manifest has length=" + size + ", the most is " +
                    SavepointManifest.MAX_LENGTH);
            }
            final ByteBuffer bytes = ByteBuffer.allocate((int)size);
            file.read(0, bytes);
            return bytes.array();
        }
    }

    @Override
    public SavepointOrigin origin()
    {
        return origin;
    }

    @Override
    public boolean drained()
    {
        return manifest.drained();
    }

    @Override
    public JobDescription job()
    {
        return manifest.job();
    }

    /** What the manifest says of an operator's file. */
    OperatorFile file(final OperatorDescription operator)
    {
        return manifest.files().get(number(operator));
    }

    private int number(final OperatorDescription operator)
    {
        return job().operators().indexOf(operator);
    }

    @Override
    public byte[] part(final OperatorDescription operator, final PartDescription part, final int instance)
    {
        try
        {
            return readers.get(number(operator)).part(operator.parts().indexOf(part), instance);
        }
        catch (final IOException exception)
        {
            throw new SavepointDamagedException(directory, "it cannot be read: " + exception, exception);
        }
    }

    @Override
    public long entries(final OperatorDescription operator, final int state)
    {
        return file(operator).entries().get(state);
    }

    @Override
    public void read(
        final OperatorDescription operator, final int state, final int first, final int last, final SavepointEntries target)
    {
        readGroups(operator, state, first, last, group -> target);
    }

    void readGroups(
        final OperatorDescription operator,
        final int state,
        final int first,
        final int last,
        final OperatorReader.SectionTarget target)
    {
        try
        {
            readers.get(number(operator)).read(state, first, last, target, buffer);
        }
        catch (final IOException exception)
        {
            throw new SavepointDamagedException(directory, "it cannot be read: " + exception, exception);
        }
    }

    @Override
    public void close()
    {
        buffer.close();
        try
        {
            for (final OperatorReader reader : readers)
            {
                reader.close();
            }
        }
        catch (final IOException ignored)
        {
            // It was read from only.
        }
    }
}
