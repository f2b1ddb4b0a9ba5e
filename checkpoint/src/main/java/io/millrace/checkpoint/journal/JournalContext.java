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
package io.millrace.checkpoint.journal;

import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.RecordType;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What a journal's writer or reader is opened with. Set what differs from the defaults; opening validates it.
 */
public final class JournalContext
{
    private static final int DEFAULT_FRAME_LENGTH = 256 << 10;
    private static final int MIN_FRAME_LENGTH = 1 << 10;

    private Path directory;
    private String schema;
    private SyncLevel syncLevel = SyncLevel.PROCESS;
    private int frameLength = DEFAULT_FRAME_LENGTH;
    private MemoryAccount account;
    private LongSupplier epochMillis = System::currentTimeMillis;
    private LongSupplier usableSpace;
    private FrameAppender.FileSync fileSync = channel -> channel.force(false);
    private boolean checksums = true;

    /**
     * @param journalDirectory of this journal alone; the writer creates it with mode 0700
     * @return this
     */
    public JournalContext directory(final Path journalDirectory)
    {
        this.directory = journalDirectory;
        return this;
    }

    /**
     * @return directory of the journal
     */
    public Path directory()
    {
        return directory;
    }

    /**
     * @param type of the records; its {@link RecordType#schema()} must be equal in the writer and every reader
     * @return this
     */
    public JournalContext recordType(final RecordType<?, ?> type)
    {
        return schema(type.schema());
    }

    /**
     * @param text that describes the records' layout, for those that have no {@link RecordType}
     * @return this
     */
    public JournalContext schema(final String text)
    {
        this.schema = text;
        return this;
    }

    /**
     * @return the schema's text
     */
    public String schema()
    {
        return schema;
    }

    /**
     * @param level what {@link JournalWriter#flush()} promises; PROCESS unless it is set. A reader does not care
     * @return this
     */
    public JournalContext syncLevel(final SyncLevel level)
    {
        this.syncLevel = level;
        return this;
    }

    /**
     * @return what a flush promises
     */
    public SyncLevel syncLevel()
    {
        return syncLevel;
    }

    /**
     * @param length of the longest frame in bytes, 1 KiB to just under 1 MiB; 256 KiB unless it is set
     * @return this
     */
    public JournalContext frameLength(final int length)
    {
        this.frameLength = length;
        return this;
    }

    /**
     * @return length of the longest frame in bytes
     */
    public int frameLength()
    {
        return frameLength;
    }

    /**
     * @param memoryAccount that the writer's batch buffer is counted in
     * @return this
     */
    public JournalContext account(final MemoryAccount memoryAccount)
    {
        this.account = memoryAccount;
        return this;
    }

    /**
     * @return account of the batch buffer
     */
    public MemoryAccount account()
    {
        return account;
    }

    /**
     * @param clock in milliseconds since 1970, which only decides when the queue starts a new file (daily, UTC)
     * @return this
     */
    public JournalContext epochMillis(final LongSupplier clock)
    {
        this.epochMillis = clock;
        return this;
    }

    LongSupplier epochMillis()
    {
        return epochMillis;
    }

    JournalContext usableSpace(final LongSupplier bytes)
    {
        this.usableSpace = bytes;
        return this;
    }

    LongSupplier usableSpace()
    {
        return usableSpace;
    }

    JournalContext fileSync(final FrameAppender.FileSync sync)
    {
        this.fileSync = sync;
        return this;
    }

    FrameAppender.FileSync fileSync()
    {
        return fileSync;
    }

    /** Off only in tests, to show what would happen without. */
    JournalContext checksums(final boolean verify)
    {
        this.checksums = verify;
        return this;
    }

    boolean checksums()
    {
        return checksums;
    }

    void concludeReader()
    {
        Objects.requireNonNull(directory, "directory of the journal");
        Objects.requireNonNull(schema, "recordType or schema of the journal");
        ChronicleQueues.require();
    }

    void concludeWriter()
    {
        concludeReader();
        Objects.requireNonNull(syncLevel, "syncLevel of the journal");
        if (usableSpace == null)
        {
            usableSpace = directory.toFile()::getUsableSpace;
        }
        Objects.requireNonNull(account, "account of the journal's batch buffer");
        if (frameLength < MIN_FRAME_LENGTH || frameLength > FrameDescriptor.MAX_FRAME_LENGTH)
        {
            throw new IllegalArgumentException("frameLength=" + frameLength + " of journal=" + directory +
                " must be from " + MIN_FRAME_LENGTH + " to " + FrameDescriptor.MAX_FRAME_LENGTH);
        }
    }
}
