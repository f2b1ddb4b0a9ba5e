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
package io.millrace.core.runtime;

import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.savepoint.SavepointRequest;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A savepoint that was asked for, from then on until it is there. The I/O thread, but for the result. */
final class PendingSavepoint
{
    private final SavepointRequest request;
    private final CheckpointService checkpoints;
    private final EndOfInput endOfInput;
    private boolean begun;

    PendingSavepoint(final SavepointRequest request, final CheckpointService checkpoints, final EndOfInput endOfInput)
    {
        this.request = request;
        this.checkpoints = checkpoints;
        this.endOfInput = endOfInput;
    }

    CompletableFuture<Path> result()
    {
        return request.result();
    }

    /** Begins it once nothing else is under way; work done. */
    int doWork()
    {
        if (begun)
        {
            if (request.drained() && request.result().isCompletedExceptionally())
            {
                throw new IllegalStateException("the job was drained for savepoint=" + request.directory() +
                    ", which could not be made: start the job again, it goes on from its last checkpoint");
            }
            return 0;
        }
        if (request.drained())
        {
            endOfInput.askDrain();
            if (!endOfInput.isDrained())
            {
                return 0;
            }
        }
        begun = checkpoints.requestSavepoint(request) != 0;
        return begun ? 1 : 0;
    }

    /** Takes note that the job's life is over. */
    void ended(final String job, final Throwable cause)
    {
        request.result().completeExceptionally(new IllegalStateException("savepoint=" + request.directory() + " of job " + job +
            " was not made, since the job ended or restarts: ask for it again while it runs", cause));
    }
}
