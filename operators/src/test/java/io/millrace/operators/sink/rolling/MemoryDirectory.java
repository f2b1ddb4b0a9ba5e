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

import io.millrace.core.testing.CrashPoints;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A directory in memory, on which a process can die before, within and after every operation, power can be lost, and room
 * can run out. What is on the disk are the bytes as last forced, and the names as last synced; what was done since may be
 * lost, names from the last on, bytes in any part.
 */
final class MemoryDirectory
{
    /** A file under whatever name. */
    private static final class Content
    {
        private byte[] live = new byte[0];
        private byte[] forced = new byte[0];
    }

    private final CrashPoints crash;
    private final List<Consumer<Map<String, Content>>> unsynced = new ArrayList<>();
    private final Map<String, Content> synced = new TreeMap<>();
    private final Map<String, Content> names = new TreeMap<>();
    private final List<String> operations = new ArrayList<>();
    private long usable = Long.MAX_VALUE;
    private boolean held;

    MemoryDirectory(final CrashPoints crash)
    {
        this.crash = crash;
    }

    /** What is done to it, since the last call of this. */
    List<String> takeOperations()
    {
        final List<String> taken = List.copyOf(operations);
        operations.clear();
        return taken;
    }

    void usable(final long bytes)
    {
        usable = bytes;
    }

    List<String> names()
    {
        return List.copyOf(names.keySet());
    }

    byte[] bytes(final String name)
    {
        return names.get(name).live;
    }

    void bytes(final String name, final byte[] bytes)
    {
        names.get(name).live = bytes;
    }

    void remove(final String name)
    {
        names.remove(name);
    }

    /** Loses what is not on the disk, or some of it. */
    void losePower(final SplittableRandom random)
    {
        final int kept = random.nextInt(unsynced.size() + 1);
        for (int i = 0; i < kept; i++)
        {
            unsynced.get(i).accept(synced);
        }
        unsynced.clear();
        names.clear();
        names.putAll(synced);
        for (final Content content : names.values())
        {
            content.live = survivor(content, random);
            content.forced = content.live;
        }
    }

    private static byte[] survivor(final Content content, final SplittableRandom random)
    {
        return switch (random.nextInt(3))
        {
            case 0 -> content.forced;
            case 1 -> content.live;
            default ->
            {
                final int sure = Math.min(content.forced.length, content.live.length);
                final byte[] torn = Arrays.copyOf(content.live, sure + random.nextInt(content.live.length - sure + 1));
                if (torn.length > sure)
                {
                    Arrays.fill(torn, sure + random.nextInt(torn.length - sure), torn.length, (byte)0);
                }
                yield torn;
            }
        };
    }

    private void change(final Consumer<Map<String, Content>> change)
    {
        change.accept(names);
        unsynced.add(change);
    }

    private void before(final String operation)
    {
        crash.reach("before " + operation);
        operations.add(operation);
    }

    private void after(final String operation)
    {
        crash.reach("after " + operation);
    }

    /** As one life of a sink has it open. */
    OutputDirectory open()
    {
        return new Opened();
    }

    private final class Opened implements OutputDirectory
    {
        private boolean wasThere;
        private boolean holding;

        @Override
        public String lock(final String name, final String owner)
        {
            before("lock");
            if (held)
            {
                return null;
            }
            held = true;
            holding = true;
            wasThere = names.containsKey(name);
            if (!wasThere)
            {
                final Content content = new Content();
                content.live = owner.getBytes(StandardCharsets.UTF_8);
                content.forced = content.live;
                change(map -> map.put(name, content));
                syncNames();
            }
            after("lock");
            return new String(names.get(name).live, StandardCharsets.UTF_8);
        }

        @Override
        public boolean wasThere()
        {
            return wasThere;
        }

        @Override
        public OutputFile open(final String name)
        {
            if (!names.containsKey(name))
            {
                before("create " + name);
                final Content content = new Content();
                change(map -> map.put(name, content));
                after("create " + name);
            }
            return new File(name, names.get(name));
        }

        @Override
        public long size(final String name)
        {
            return names.containsKey(name) ? names.get(name).live.length : -1;
        }

        @Override
        public void checksum(final String name, final long length, final CRC32C checksum) throws IOException
        {
            checkLength(name, length);
            checksum.update(names.get(name).live, 0, (int)length);
        }

        @Override
        public void copy(final String from, final String to, final long length) throws IOException
        {
            before("copy " + from);
            checkLength(from, length);
            final Content content = new Content();
            change(map -> map.put(to, content));
            crash.reach("within copy " + from);
            content.live = Arrays.copyOf(names.get(from).live, (int)length);
            after("copy " + from);
        }

        private void checkLength(final String name, final long length) throws IOException
        {
            if (size(name) < length)
            {
                throw new EOFException(name);
            }
        }

        @Override
        public void rename(final String from, final String to)
        {
            before("rename " + from);
            change(map ->
            {
                final Content content = map.remove(from);
                if (content != null)
                {
                    map.put(to, content);
                }
            });
            after("rename " + from);
        }

        @Override
        public void delete(final String name)
        {
            before("delete " + name);
            change(map -> map.remove(name));
            after("delete " + name);
        }

        @Override
        public void syncDirectory()
        {
            before("sync");
            syncNames();
            after("sync");
        }

        private void syncNames()
        {
            synced.clear();
            synced.putAll(names);
            unsynced.clear();
        }

        @Override
        public List<String> list()
        {
            return names();
        }

        @Override
        public long usableSpace()
        {
            return usable;
        }

        @Override
        public void close()
        {
            if (holding)
            {
                held = false;
                holding = false;
            }
        }

        @Override
        public String toString()
        {
            return "memory";
        }
    }

    private final class File implements OutputDirectory.OutputFile
    {
        private final String name;
        private final Content content;

        private File(final String name, final Content content)
        {
            this.name = name;
            this.content = content;
        }

        @Override
        public void write(final byte[] bytes, final int count) throws IOException
        {
            before("write " + name);
            final int first = (int)Math.min(usable, count / 2);
            append(bytes, 0, first);
            crash.reach("within write " + name);
            final int rest = (int)Math.min(usable - first, count - first);
            append(bytes, first, rest);
            if (first + rest < count)
            {
                usable -= first + rest;
                throw new IOException("No space left on device");
            }
            after("write " + name);
        }

        private void append(final byte[] bytes, final int from, final int count)
        {
            final int length = content.live.length;
            content.live = Arrays.copyOf(content.live, length + count);
            System.arraycopy(bytes, from, content.live, length, count);
        }

        @Override
        public void truncate(final long length)
        {
            if (length < content.live.length)
            {
                before("truncate " + name);
                content.live = Arrays.copyOf(content.live, (int)length);
                after("truncate " + name);
            }
        }

        @Override
        public void force()
        {
            before("force " + name);
            content.forced = content.live;
            after("force " + name);
        }

        @Override
        public void close()
        {
        }
    }
}
