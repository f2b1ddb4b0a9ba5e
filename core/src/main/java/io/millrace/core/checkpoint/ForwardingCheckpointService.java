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
package io.millrace.core.checkpoint;

import io.millrace.core.savepoint.SavepointRequest;
import io.millrace.memory.table.DeltaOutlet;

/**
 * A service around another one, which does everything until a method is overridden: so a method that is added to
 * {@link CheckpointService} reaches the service behind.
 */
public abstract class ForwardingCheckpointService implements CheckpointService
{
    private final CheckpointService service;

    /**
     * A service around another one.
     *
     * @param service that makes the checkpoints; closed with this
     */
    protected ForwardingCheckpointService(final CheckpointService service)
    {
        this.service = service;
    }

    @Override
    public long restore(final RestoreTarget target)
    {
        return service.restore(target);
    }

    @Override
    public long recordsPerCheckpoint()
    {
        return service.recordsPerCheckpoint();
    }

    @Override
    public long bytesPerCheckpoint()
    {
        return service.bytesPerCheckpoint();
    }

    @Override
    public boolean alignsBarriers()
    {
        return service.alignsBarriers();
    }

    @Override
    public long request()
    {
        return service.request();
    }

    @Override
    public long requestedCheckpoint()
    {
        return service.requestedCheckpoint();
    }

    @Override
    public boolean fullCheckpoint()
    {
        return service.fullCheckpoint();
    }

    @Override
    public long completedCheckpoint()
    {
        return service.completedCheckpoint();
    }

    @Override
    public long settledCheckpoint()
    {
        return service.settledCheckpoint();
    }

    @Override
    public long givenUpCheckpoint()
    {
        return service.givenUpCheckpoint();
    }

    @Override
    public boolean abandon(final long checkpointId)
    {
        return service.abandon(checkpointId);
    }

    @Override
    public boolean isSettled(final long checkpointId)
    {
        return service.isSettled(checkpointId);
    }

    @Override
    public long oldestCheckpoint()
    {
        return service.oldestCheckpoint();
    }

    @Override
    public long requestSavepoint(final SavepointRequest request)
    {
        return service.requestSavepoint(request);
    }

    @Override
    public long stopCheckpoint()
    {
        return service.stopCheckpoint();
    }

    @Override
    public OrderJournal openOrderJournal()
    {
        return service.openOrderJournal();
    }

    @Override
    public HashRecording hashRecording()
    {
        return service.hashRecording();
    }

    @Override
    public DeltaOutlet outlet(final int task)
    {
        return service.outlet(task);
    }

    @Override
    public void paused(
        final int task, final long checkpointId, final long alignmentNanos, final long synchronousNanos)
    {
        service.paused(task, checkpointId, alignmentNanos, synchronousNanos);
    }

    @Override
    public boolean acknowledge(final int task, final long checkpointId)
    {
        return service.acknowledge(task, checkpointId);
    }

    @Override
    public void ended(final int task)
    {
        service.ended(task);
    }

    @Override
    public CheckpointStats stats()
    {
        return service.stats();
    }

    @Override
    public int doWork()
    {
        return service.doWork();
    }

    @Override
    public void close()
    {
        service.close();
    }
}
