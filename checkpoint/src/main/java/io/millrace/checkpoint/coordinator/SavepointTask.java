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
package io.millrace.checkpoint.coordinator;

import io.millrace.checkpoint.savepoint.SavepointWriter;
import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.savepoint.SavepointRequest;
import io.millrace.memory.table.DeltaChunk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;

/** A savepoint under way: what goes wrong with it is told to who asked for it, and the job runs on. The I/O thread. */
final class SavepointTask implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(SavepointTask.class);

    private final SavepointRequest request;
    private final String job;
    private SavepointWriter writer;
    private Path made;
    private Throwable failure;

    SavepointTask(final SavepointRequest request, final long checkpointId, final CheckpointContext context)
    {
        this.request = request;
        this.job = context.jobName();
        try
        {
            writer = new SavepointWriter(request, checkpointId, context.account());
        }
        catch (final IOException | RuntimeException | OutOfMemoryError exception)
        {
            fail(exception);
        }
    }

    private void fail(final Throwable cause)
    {
        failure = cause;
        if (writer != null)
        {
            writer.close();
        }
    }

    void fail(final String reason)
    {
        if (failure == null)
        {
            fail(new IllegalStateException(reason));
        }
    }

    void append(final DeltaChunk chunk)
    {
        try
        {
            if (failure == null)
            {
                writer.append(chunk.address(), chunk.length());
            }
        }
        catch (final IOException | RuntimeException | OutOfMemoryError exception)
        {
            fail(exception);
        }
    }

    /** Does a small part of what is left; true when there is nothing left. */
    boolean step()
    {
        try
        {
            return failure != null || writer.step();
        }
        catch (final IOException | RuntimeException | OutOfMemoryError exception)
        {
            fail(exception);
            return true;
        }
    }

    /** Makes it complete; false when it failed. */
    boolean complete()
    {
        try
        {
            made = failure == null ? writer.complete() : null;
        }
        catch (final IOException | RuntimeException | OutOfMemoryError exception)
        {
            fail(exception);
        }
        return failure == null;
    }

    /**
     * Tells who asked.
     *
     * @param committed whether the checkpoint with its id was completed
     */
    void tell(final boolean committed)
    {
        if (failure == null && request.stops() && !committed)
        {
            failure = new IllegalStateException("the checkpoint with it was declined, so the job runs on");
            try
            {
                writer.discard();
            }
            catch (final IOException exception)
            {
                failure.addSuppressed(exception);
            }
        }
        if (failure == null)
        {
            request.result().complete(made);
            return;
        }
        LOGGER.warn("savepoint {} of job {} was not made: {}", request.directory(), job, failure.toString());
        request.result().completeExceptionally(new IllegalStateException("savepoint=" + request.directory() + " of job " + job +
            " was not made: " + failure.getMessage(), failure));
    }

    @Override
    public void close()
    {
        fail("the job ends");
        tell(false);
    }
}
