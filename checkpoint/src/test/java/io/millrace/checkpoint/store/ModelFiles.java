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
package io.millrace.checkpoint.store;

import io.millrace.checkpoint.files.StorageFiles;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A disk with two planes: what a running process sees, and what survives a loss of power. Bytes reach the second plane
 * by a sync of their file, names by a sync of the directory; whatever is on the way may arrive whole, in part, in any
 * order, or not at all.
 */
public final class ModelFiles implements StorageFiles
{
    /** The machine is gone; nothing catches it. */
    public static final class PowerLoss extends Error
    {
        private static final long serialVersionUID = 1L;

        PowerLoss()
        {
            super("power loss", null, false, false);
        }
    }

    /** Says which operation fails, and how; null for none. */
    public interface Fault
    {
        IOException failure(int operation, String kind);
    }

    private static final class Inode
    {
        private byte[] live = new byte[0];
        private byte[] durable = new byte[0];
        private final List<byte[]> pending = new ArrayList<>();
        private final List<Integer> offsets = new ArrayList<>();

        void write(final byte[] bytes)
        {
            offsets.add(live.length);
            pending.add(bytes);
            final int start = live.length;
            live = Arrays.copyOf(live, start + bytes.length);
            System.arraycopy(bytes, 0, live, start, bytes.length);
        }

        void sync()
        {
            durable = live;
            pending.clear();
            offsets.clear();
        }

        byte[] afterPowerLoss(final SplittableRandom random, final int mode)
        {
            byte[] result = durable.clone();
            for (int i = 0; i < pending.size(); i++)
            {
                final int fate = mode < 2 ? mode : random.nextInt(4);
                if (fate != 1)
                {
                    final byte[] bytes = pending.get(i);
                    final int length = fate == 3 ? random.nextInt(bytes.length + 1) : bytes.length;
                    final int start = offsets.get(i);
                    // A torn write may have set the file's length already: the rest is zero.
                    result = Arrays.copyOf(result, Math.max(result.length, start + (random.nextBoolean() ? length :
                        bytes.length)));
                    System.arraycopy(bytes, 0, result, start, length);
                }
            }
            return result;
        }
    }

    private final Map<String, Inode> live = new HashMap<>();
    private final Map<String, Inode> durable = new HashMap<>();
    private final List<Consumer<Map<String, Inode>>> directoryOperations = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private int operations;
    private int crashAt = Integer.MAX_VALUE;
    private boolean ignoreSync;
    private boolean ignoreDirectorySync;
    private Fault fault = (operation, kind) -> null;
    private long usableSpace = Long.MAX_VALUE;
    private int openFiles;

    public ModelFiles crashAt(final int operation)
    {
        crashAt = operation;
        return this;
    }

    public ModelFiles ignoreSync()
    {
        ignoreSync = true;
        return this;
    }

    public ModelFiles ignoreDirectorySync()
    {
        ignoreDirectorySync = true;
        return this;
    }

    public ModelFiles fault(final Fault newFault)
    {
        fault = newFault;
        return this;
    }

    public ModelFiles usableSpace(final long bytes)
    {
        usableSpace = bytes;
        return this;
    }

    public int operations()
    {
        return operations;
    }

    public int openFiles()
    {
        return openFiles;
    }

    public List<String> trace()
    {
        return trace;
    }

    public byte[] content(final String name)
    {
        return live.get(name).live.clone();
    }

    public void content(final String name, final byte[] bytes)
    {
        final Inode inode = new Inode();
        inode.write(bytes);
        inode.sync();
        live.put(name, inode);
    }

    public ModelFiles copy()
    {
        final ModelFiles copy = new ModelFiles();
        live.forEach((name, inode) -> copy.content(name, inode.live));
        return copy;
    }

    /**
     * What is found when the power is back.
     *
     * @param random of the damage; one case in four loses nothing, one loses everything that was not synced
     */
    public ModelFiles afterPowerLoss(final SplittableRandom random)
    {
        final int mode = random.nextInt(4);
        final Map<String, Inode> names = new HashMap<>(durable);
        for (final Consumer<Map<String, Inode>> operation : directoryOperations)
        {
            if (mode == 0 || mode > 1 && random.nextInt(3) != 0)
            {
                operation.accept(names);
            }
        }
        final ModelFiles files = new ModelFiles();
        names.forEach((name, inode) -> files.content(name, inode.afterPowerLoss(random, mode)));
        files.durable.putAll(files.live);
        return files;
    }

    private void operation(final String kind, final String name) throws IOException
    {
        trace.add(kind + " " + name);
        final IOException failure = fault.failure(operations, kind);
        if (failure != null)
        {
            operations++;
            throw failure;
        }
        if (operations++ >= crashAt)
        {
            throw new PowerLoss();
        }
    }

    @Override
    public WritableFile create(final String name) throws IOException
    {
        operation("create", name);
        if (live.containsKey(name))
        {
            throw new IOException(name + " exists");
        }
        final Inode inode = new Inode();
        live.put(name, inode);
        directoryOperations.add(names -> names.put(name, inode));
        openFiles++;
        return new WritableFile()
        {
            @Override
            public void write(final ByteBuffer source) throws IOException
            {
                final byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                if (operations == crashAt)
                {
                    // It was on its way: it may arrive.
                    inode.write(bytes);
                }
                operation("write", name);
                inode.write(bytes);
            }

            @Override
            public void sync() throws IOException
            {
                operation("sync", name);
                if (!ignoreSync)
                {
                    inode.sync();
                }
            }

            @Override
            public void close()
            {
                openFiles--;
            }
        };
    }

    @Override
    public ReadableFile open(final String name) throws IOException
    {
        final Inode inode = live.get(name);
        if (inode == null)
        {
            throw new FileNotFoundException(name);
        }
        openFiles++;
        return new ReadableFile()
        {
            @Override
            public long size()
            {
                return inode.live.length;
            }

            @Override
            public void read(final long position, final ByteBuffer bytes) throws IOException
            {
                if (position + bytes.remaining() > inode.live.length)
                {
                    throw new EOFException(name + " ends at " + inode.live.length);
                }
                bytes.put(inode.live, (int)position, bytes.remaining());
            }

            @Override
            public void close()
            {
                openFiles--;
            }
        };
    }

    @Override
    public void sync(final String name) throws IOException
    {
        operation("sync", name);
        live.get(name).sync();
    }

    @Override
    public void rename(final String from, final String to) throws IOException
    {
        operation("rename", from);
        final Inode inode = live.remove(from);
        live.put(to, inode);
        directoryOperations.add(names ->
        {
            names.remove(from);
            names.put(to, inode);
        });
    }

    @Override
    public void delete(final String name) throws IOException
    {
        operation("delete", name);
        live.remove(name);
        directoryOperations.add(names -> names.remove(name));
    }

    @Override
    public void syncDirectory() throws IOException
    {
        operation("syncDirectory", "");
        if (!ignoreDirectorySync)
        {
            directoryOperations.forEach(change -> change.accept(durable));
            directoryOperations.clear();
        }
    }

    @Override
    public List<String> list()
    {
        return new ArrayList<>(live.keySet());
    }

    @Override
    public long usableSpace()
    {
        return usableSpace;
    }

    @Override
    public String toString()
    {
        return "model";
    }
}
