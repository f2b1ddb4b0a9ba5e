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
package io.millrace.benchmarks.workload;

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.CheckpointServiceFactory;
import io.millrace.core.checkpoint.RestoreTarget;
import io.millrace.memory.table.DeltaChunk;
import io.millrace.memory.table.DeltaOutlet;

import java.util.concurrent.atomic.AtomicLong;

/** Checkpoints whose snapshots are counted in bytes, when a task hands one of their chunks over. */
final class MeasuredCheckpoints implements CheckpointServiceFactory
{
    private final Checkpoints checkpoints;
    private final AtomicLong bytes = new AtomicLong();

    MeasuredCheckpoints(final Checkpoints checkpoints)
    {
        this.checkpoints = checkpoints;
    }

    /** Bytes handed over so far. Any thread. */
    long bytes()
    {
        return bytes.get();
    }

    @Override
    public CheckpointService open(final CheckpointContext job)
    {
        return new Service(checkpoints.open(job), bytes);
    }

    private record Service(CheckpointService service, AtomicLong bytes) implements CheckpointService
    {
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
        public DeltaOutlet outlet(final int task)
        {
            return new Outlet(service.outlet(task), bytes);
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

    private record Outlet(DeltaOutlet outlet, AtomicLong bytes) implements DeltaOutlet
    {
        @Override
        public DeltaChunk take()
        {
            return outlet.take();
        }

        @Override
        public void publish(final DeltaChunk chunk)
        {
            bytes.addAndGet(chunk.length());
            outlet.publish(chunk);
        }

        @Override
        public void giveBack(final DeltaChunk chunk)
        {
            outlet.giveBack(chunk);
        }
    }
}
