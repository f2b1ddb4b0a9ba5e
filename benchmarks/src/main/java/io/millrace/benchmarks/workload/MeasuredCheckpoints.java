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
import io.millrace.core.checkpoint.ForwardingCheckpointService;
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

    private static final class Service extends ForwardingCheckpointService
    {
        private final AtomicLong bytes;

        Service(final CheckpointService service, final AtomicLong bytes)
        {
            super(service);
            this.bytes = bytes;
        }

        @Override
        public DeltaOutlet outlet(final int task)
        {
            return new Outlet(super.outlet(task), bytes);
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
