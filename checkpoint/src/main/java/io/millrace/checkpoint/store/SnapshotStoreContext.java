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
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.memory.MemoryAccount;

import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a {@link LocalSnapshotStore} is opened with. Set what differs from the defaults; opening validates it.
 */
public final class SnapshotStoreContext
{
    private static final Pattern JOB_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final long DEFAULT_RESERVE = 16L << 20;
    private static final int MIN_RETAINED = 2;

    private Path directory;
    private StorageFiles files;
    private String jobName;
    private SyncLevel syncLevel = SyncLevel.PROCESS;
    private int retained = MIN_RETAINED;
    private long reserve = DEFAULT_RESERVE;
    private MemoryAccount account;
    private int maxChunkLength = BlockDescriptor.MAX_PAYLOAD_LENGTH;

    /**
     * @param checkpointDirectory of this job alone; it is created with mode 0700 and locked
     * @return this
     */
    public SnapshotStoreContext directory(final Path checkpointDirectory)
    {
        this.directory = checkpointDirectory;
        return this;
    }

    /**
     * @return directory of the checkpoints, or null
     */
    public Path directory()
    {
        return directory;
    }

    /**
     * @param storage to use instead of a directory; nothing is locked then. For tests that stand in for the disk
     * @return this
     */
    public SnapshotStoreContext files(final StorageFiles storage)
    {
        this.files = storage;
        return this;
    }

    StorageFiles files()
    {
        return files;
    }

    /**
     * @param name of the job, {@code [A-Za-z0-9_.-]{1,64}}; every block and manifest carries it
     * @return this
     */
    public SnapshotStoreContext jobName(final String name)
    {
        this.jobName = name;
        return this;
    }

    /**
     * @return name of the job
     */
    public String jobName()
    {
        return jobName;
    }

    /**
     * @param level what a complete checkpoint survives; PROCESS unless it is set
     * @return this
     */
    public SnapshotStoreContext syncLevel(final SyncLevel level)
    {
        this.syncLevel = level;
        return this;
    }

    /**
     * @return what a complete checkpoint survives
     */
    public SyncLevel syncLevel()
    {
        return syncLevel;
    }

    /**
     * @param checkpoints complete ones to keep, at least and by default 2
     * @return this
     */
    public SnapshotStoreContext retained(final int checkpoints)
    {
        this.retained = checkpoints;
        return this;
    }

    /**
     * @return complete checkpoints to keep
     */
    public int retained()
    {
        return retained;
    }

    /**
     * @param bytes of free space below which a checkpoint is declined; 16 MiB unless it is set
     * @return this
     */
    public SnapshotStoreContext reserve(final long bytes)
    {
        this.reserve = bytes;
        return this;
    }

    /**
     * @return free space below which a checkpoint is declined
     */
    public long reserve()
    {
        return reserve;
    }

    /**
     * @param memoryAccount that staging and reading buffers are counted in, about 1 MiB each
     * @return this
     */
    public SnapshotStoreContext account(final MemoryAccount memoryAccount)
    {
        this.account = memoryAccount;
        return this;
    }

    /**
     * @return account of the buffers
     */
    public MemoryAccount account()
    {
        return account;
    }

    /** Smaller only in tests, which open many stores. */
    SnapshotStoreContext maxChunkLength(final int length)
    {
        this.maxChunkLength = length;
        return this;
    }

    int maxChunkLength()
    {
        return maxChunkLength;
    }

    void conclude()
    {
        Objects.requireNonNull(syncLevel, "syncLevel of the checkpoints");
        Objects.requireNonNull(account, "account of the checkpoints' buffers");
        Objects.requireNonNull(jobName, "jobName of the checkpoints");
        if (directory == null == (files == null))
        {
            throw new IllegalArgumentException("job=" + jobName +
                " needs a checkpoint directory: set directory, or files in a test");
        }
        if (!JOB_NAME.matcher(jobName).matches())
        {
            throw new IllegalArgumentException("jobName=" + jobName + " must match " + JOB_NAME.pattern() +
                ": rename the job");
        }
        if (retained < MIN_RETAINED)
        {
            throw new IllegalArgumentException("retained=" + retained + " of job=" + jobName + " must be at least " +
                MIN_RETAINED + ": a damaged checkpoint needs one before it");
        }
    }
}
