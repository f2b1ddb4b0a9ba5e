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

/** A store before another one, which does everything until a method is overridden. The I/O thread. */
public abstract class ForwardingSnapshotStore implements SnapshotStore
{
    private final SnapshotStore store;

    /**
     * A store before another one.
     *
     * @param store that does everything; closed with this
     */
    protected ForwardingSnapshotStore(final SnapshotStore store)
    {
        this.store = store;
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
        return store.wasClean();
    }

    @Override
    public void markClean()
    {
        store.markClean();
    }

    @Override
    public void close()
    {
        store.close();
    }
}
