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
package io.millrace.extensions.s3;

import io.millrace.checkpoint.store.CheckpointWriter;
import io.millrace.checkpoint.store.Compaction;
import io.millrace.checkpoint.store.LocalSnapshotStore;
import io.millrace.checkpoint.store.RestoredCheckpoint;
import io.millrace.checkpoint.store.SnapshotStore;
import io.millrace.checkpoint.store.SnapshotStoreContext;

/** The store that a local directory has, on the files of a bucket. The I/O thread. */
final class S3SnapshotStore implements SnapshotStore
{
    private final SnapshotStore store;
    private final ObjectFiles files;

    S3SnapshotStore(final SnapshotStoreContext context, final ObjectFiles files)
    {
        this.store = LocalSnapshotStore.open(context.directory(null).files(files));
        this.files = files;
    }

    ObjectFiles files()
    {
        return files;
    }

    @Override
    public RestoredCheckpoint restoreLatest()
    {
        return store.restoreLatest();
    }

    @Override
    public long highestId()
    {
        return store.highestId();
    }

    @Override
    public long latestId()
    {
        return store.latestId();
    }

    @Override
    public long oldestId()
    {
        return store.oldestId();
    }

    @Override
    public int chainLength()
    {
        return store.chainLength();
    }

    @Override
    public long chainBytes()
    {
        return store.chainBytes();
    }

    @Override
    public boolean fullRequired()
    {
        return store.fullRequired();
    }

    @Override
    public CheckpointWriter begin(final long id, final boolean full)
    {
        return store.begin(id, full);
    }

    @Override
    public Compaction beginCompaction()
    {
        return store.beginCompaction();
    }

    @Override
    public boolean wasClean()
    {
        return files.wasClean();
    }

    @Override
    public void markClean()
    {
        store.markClean();
        files.markClean();
    }

    @Override
    public void close()
    {
        try
        {
            store.close();
        }
        finally
        {
            files.close();
        }
    }
}
