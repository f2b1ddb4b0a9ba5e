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

import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.bytes.SyncMode;

import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Opens queues the one way that journals use them. Chronicle's own sync is off: it ignores failures, and does not sync
 * the directory of a new file. {@link FrameAppender} does both.
 */
final class ChronicleQueues
{
    private ChronicleQueues()
    {
    }

    /** Fails when the optional dependency is missing. */
    static void require()
    {
        try
        {
            Class.forName("net.openhft.chronicle.queue.ChronicleQueue", false, ChronicleQueues.class.getClassLoader());
        }
        catch (final ClassNotFoundException | LinkageError error)
        {
            throw missing(error);
        }
    }

    static SingleChronicleQueue open(final Path directory, final LongSupplier epochMillis)
    {
        try
        {
            return SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(RollCycles.FAST_DAILY)
                .blockSize(FrameDescriptor.BLOCK_LENGTH)
                .syncMode(SyncMode.NONE)
                .timeProvider(() -> epochMillis.getAsLong())
                .build();
        }
        catch (final LinkageError error)
        {
            throw missing(error);
        }
    }

    static IllegalStateException missing(final Throwable error)
    {
        return new IllegalStateException(
            "Chronicle Queue cannot be loaded: add net.openhft:chronicle-queue (the Millrace BOM has " +
            "its version), and start the JVM with the flags that the README lists under JVM flags", error);
    }
}
