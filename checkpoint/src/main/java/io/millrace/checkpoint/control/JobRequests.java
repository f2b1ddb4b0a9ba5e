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
package io.millrace.checkpoint.control;

import io.millrace.core.checkpoint.CheckpointReport;
import io.millrace.core.checkpoint.CheckpointStats;
import io.millrace.core.failure.JobFailure;
import io.millrace.core.metrics.Counter;
import io.millrace.core.runtime.Job;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What can be asked of a job from outside: a line in, lines out. */
final class JobRequests
{
    private final Job job;

    JobRequests(final Job job)
    {
        this.job = job;
    }

    /** Reads one request, does it, and writes the answer. */
    <C extends ReadableByteChannel & WritableByteChannel> void answer(final C connection) throws IOException
    {
        final String request = read(connection);
        if (request == null)
        {
            return;
        }
        final StringBuilder answer = new StringBuilder();
        try
        {
            text(perform(request), answer);
            answer.append("ok\n");
        }
        catch (final IllegalStateException | IllegalArgumentException exception)
        {
            refuse(exception, answer);
        }
        catch (final ExecutionException exception)
        {
            refuse(exception.getCause(), answer);
        }
        catch (final InterruptedException exception)
        {
            refuse(exception, answer);
        }
        final ByteBuffer bytes = StandardCharsets.UTF_8.encode(answer.toString());
        while (bytes.hasRemaining())
        {
            connection.write(bytes);
        }
    }

    private static void text(final String text, final StringBuilder answer)
    {
        text.lines().forEach(line -> answer.append('|').append(line).append('\n'));
    }

    private static void refuse(final Throwable cause, final StringBuilder answer)
    {
        final String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        answer.append("failed ").append(reason.replace('\n', ' ')).append('\n');
    }

    /** The request without its end of line; null when the client went before its end. */
    private static String read(final ReadableByteChannel connection) throws IOException
    {
        final ByteBuffer bytes = ByteBuffer.allocate(JobControl.MAX_REQUEST);
        while (bytes.position() == 0 || bytes.get(bytes.position() - 1) != '\n')
        {
            if (!bytes.hasRemaining())
            {
                throw new IOException("request is longer than bytes=" + JobControl.MAX_REQUEST);
            }
            if (connection.read(bytes) < 0)
            {
                return null;
            }
        }
        return StandardCharsets.UTF_8.decode(bytes.flip().limit(bytes.limit() - 1)).toString();
    }

    private String perform(final String request) throws ExecutionException, InterruptedException
    {
        final int space = request.indexOf(' ');
        final String command = space < 0 ? request : request.substring(0, space);
        final String argument = space < 0 ? "" : request.substring(space + 1);
        return switch (command)
        {
            case "status" -> status();
            case "explain" -> job.explain();
            case "watermarks" -> job.explainWatermarks();
            case "memory" -> job.explainMemory();
            case "counters" -> counters();
            case "checkpoints" -> checkpoints();
            case "checkpoint" -> checkpoint();
            case "savepoint" -> savepoint(job.savepoint(path(argument)));
            case "stop-with-savepoint" -> savepoint(job.stopWithSavepoint(path(argument), false));
            case "drain-with-savepoint" -> savepoint(job.stopWithSavepoint(path(argument), true));
            case "stop" -> asked(job::stop, "stop");
            case "drain" -> asked(job::drain, "drain");
            case "cancel" -> asked(job::cancel, "cancel");
            default -> throw new IllegalArgumentException("request=" + command + " is not known: status, explain, watermarks, " +
                "memory, counters, checkpoints, checkpoint, savepoint, stop-with-savepoint, drain-with-savepoint, stop, drain, cancel are");
        };
    }

    private static Path path(final String argument)
    {
        final Path path = Path.of(argument);
        if (!path.isAbsolute())
        {
            throw new IllegalArgumentException("directory=" + argument + " must be absolute: the job runs in another directory");
        }
        return path;
    }

    private String status()
    {
        final StringBuilder text = new StringBuilder();
        text.append("status=").append(job.status()).append(" restoredCheckpoint=").append(job.restoredCheckpoint())
            .append(" completedCheckpoint=").append(job.completedCheckpoint()).append(" offHeapBytes=").append(job.offHeapBytes());
        for (final JobFailure failure : job.failures())
        {
            text.append('\n').append(failure);
        }
        return text.toString();
    }

    private String counters()
    {
        final StringBuilder text = new StringBuilder();
        for (final Counter counter : job.counters())
        {
            text.append(counter).append('\n');
        }
        return text.toString();
    }

    private String checkpoints()
    {
        final CheckpointStats stats = job.checkpointStats();
        final StringBuilder text = new StringBuilder();
        text.append("completed=").append(stats.completed()).append(" declined=").append(stats.declined()).append(" timedOut=")
            .append(stats.timedOut()).append(" failed=").append(stats.failed());
        for (final CheckpointReport report : stats.latest())
        {
            text.append("\nid=").append(report.id()).append(report.full() ? " full" : "").append(' ').append(report.outcome())
                .append(" micros=").append(report.durationNanos() / 1_000).append(" bytes=").append(report.bytes())
                .append(" pauseMicros=").append(report.maxSynchronousNanos() / 1_000).append(" chain=").append(report.chainLength())
                .append(" chainBytes=").append(report.chainBytes());
            if (!report.reason().isEmpty())
            {
                text.append(' ').append(report.reason());
            }
        }
        return text.toString();
    }

    private String checkpoint()
    {
        final long id = job.checkpoint();
        if (id == 0)
        {
            throw new IllegalStateException("a checkpoint is under way: ask again when it is complete");
        }
        return "checkpoint=" + id;
    }

    private static String savepoint(final CompletableFuture<Path> savepoint) throws ExecutionException, InterruptedException
    {
        return "savepoint=" + savepoint.get();
    }

    private static String asked(final Runnable request, final String what)
    {
        request.run();
        return "asked to " + what;
    }
}
