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
package io.millrace.operators;

import io.millrace.core.checkpoint.IngressFrame;
import io.millrace.core.checkpoint.IngressJournal;
import io.millrace.core.checkpoint.IngressJournalFactory;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.ArrayList;
import java.util.List;

/**
 * A journal in the heap that outlives the jobs of a test. A frame that was appended is written when the test says so,
 * or at once; it is durable when the test says so, or when it is written. What is not written when the job ends is
 * lost, or not, as the test says.
 */
final class MemoryJournal implements IngressJournalFactory
{
    private final List<byte[][]> frames = new ArrayList<>();
    private final List<byte[][]> pending = new ArrayList<>();
    private boolean writesAtOnce = true;
    private boolean syncsAtOnce = true;
    private boolean accepts = true;
    private boolean keepsPendingOnClose;
    private long durable = IngressJournal.NO_FRAME;
    private int open;

    MemoryJournal writesAtOnce(final boolean yes)
    {
        writesAtOnce = yes;
        return this;
    }

    MemoryJournal syncsAtOnce(final boolean yes)
    {
        syncsAtOnce = yes;
        return this;
    }

    MemoryJournal accepts(final boolean yes)
    {
        accepts = yes;
        return this;
    }

    MemoryJournal keepsPendingOnClose(final boolean yes)
    {
        keepsPendingOnClose = yes;
        return this;
    }

    int frames()
    {
        return frames.size();
    }

    int pending()
    {
        return pending.size();
    }

    int records()
    {
        return frames.stream().mapToInt(frame -> frame.length).sum();
    }

    /** Writes the oldest frame that is pending. */
    void write()
    {
        frames.add(pending.remove(0));
        if (syncsAtOnce)
        {
            sync();
        }
    }

    void sync()
    {
        durable = frames.size() - 1L;
    }

    void cut(final int left)
    {
        while (frames.size() > left)
        {
            frames.remove(frames.size() - 1);
        }
    }

    int open()
    {
        return open;
    }

    @Override
    public IngressJournal open(
        final String job, final String source, final RecordType<?, ?> type, final MemoryAccount account)
    {
        open++;
        return new OpenJournal(account);
    }

    /** One life's use. */
    private final class OpenJournal implements IngressJournal
    {
        private final MemoryAccount account;
        private Region shown;
        private int next;
        private boolean replayed;
        private long last = NO_FRAME;

        private OpenJournal(final MemoryAccount account)
        {
            this.account = account;
        }

        @Override
        public void seek(final long frame)
        {
            if (frame > frames.size())
            {
                throw new IllegalStateException("frame=" + frame + " is beyond the journal's end, frames=" + frames.size());
            }
            next = (int)frame;
        }

        @Override
        public boolean replay(final IngressFrame frame)
        {
            free();
            if (next == frames.size())
            {
                replayed = true;
                last = frames.size() - 1L;
                sync();
                return false;
            }
            show(frame, frames.get(next));
            next++;
            return true;
        }

        private void show(final IngressFrame frame, final byte[][] records)
        {
            int slots = 0;
            for (final byte[] record : records)
            {
                slots += slots(record);
            }
            if (slots == 0)
            {
                frame.wrap(next, 0, 0, 64, 64);
                return;
            }
            shown = Region.allocate(account, "replayed frame", slots * 64L);
            long slot = shown.address();
            for (final byte[] record : records)
            {
                SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, record.length);
                Memory.copyIn(record, 0, slot + SlotDescriptor.HEADER_LENGTH, record.length);
                slot += slots(record) * 64L;
            }
            frame.wrap(next, shown.address(), records.length, 64, 64);
        }

        private static int slots(final byte[] record)
        {
            return (SlotDescriptor.HEADER_LENGTH + record.length + 63) / 64;
        }

        @Override
        public long lastFrame()
        {
            return last;
        }

        @Override
        public boolean append(final IngressFrame frame)
        {
            if (!replayed || frame.number() != frames.size() + pending.size())
            {
                throw new IllegalStateException(frame + " is appended, but frame=" + (frames.size() + pending.size()) +
                    " is next, replayed=" + replayed);
            }
            if (!accepts)
            {
                return false;
            }
            final byte[][] records = new byte[frame.records()][];
            long slot = frame.first();
            for (int i = 0; i < records.length; i++)
            {
                records[i] = new byte[SlotDescriptor.length(slot)];
                Memory.copyOut(slot + SlotDescriptor.HEADER_LENGTH, records[i], 0, records[i].length);
                slot = frame.next(slot);
            }
            pending.add(records);
            if (writesAtOnce)
            {
                write();
            }
            return true;
        }

        @Override
        public long written()
        {
            return frames.size() - 1L;
        }

        @Override
        public long durable()
        {
            return durable;
        }

        private void free()
        {
            if (shown != null)
            {
                shown.close();
                shown = null;
            }
        }

        @Override
        public void close()
        {
            free();
            while (keepsPendingOnClose && !pending.isEmpty())
            {
                write();
            }
            pending.clear();
            open--;
        }
    }
}
