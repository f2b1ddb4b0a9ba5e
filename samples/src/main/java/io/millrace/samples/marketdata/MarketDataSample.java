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
package io.millrace.samples.marketdata;

import io.millrace.checkpoint.files.DirectoryLock;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.operators.Pipeline;
import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Plays the tape, runs the job on it, and shows or checks what came of it. */
public final class MarketDataSample
{
    private final MarketDataOptions options;
    private final List<Tape.Line> tape;
    private final Screen screen;

    private MarketDataSample(final MarketDataOptions options, final List<Tape.Line> tape)
    {
        this.options = options;
        this.tape = tape;
        this.screen = new Screen(options);
    }

    /**
     * Runs the sample.
     *
     * @param arguments of the command line; {@code --help} lists them
     * @throws Exception when the job fails or a check finds a difference
     */
    public static void run(final String[] arguments) throws Exception
    {
        final MarketDataOptions options = new MarketDataOptions();
        final CommandLine command = options.commandLine();
        command.parseArgs(arguments);
        if (options.help())
        {
            command.usage(System.out);
            return;
        }
        final String wrong = options.check();
        if (wrong != null)
        {
            throw new CommandLine.ParameterException(command, wrong);
        }
        new MarketDataSample(options, Tape.read()).run();
    }

    private void run() throws Exception
    {
        if (options.fresh())
        {
            startOver();
        }
        Files.createDirectories(options.directory());
        screen.begin(tape.size());
        final TapeRecorder recorder = new TapeRecorder(options.trades(), tape, options.repeat(), options.rate());
        final Thread thread = new Thread(recorder, "tape");
        thread.setDaemon(true);
        thread.start();
        try
        {
            runJob(recorder);
        }
        finally
        {
            recorder.stop();
            thread.join();
        }
        if (recorder.failure() != null)
        {
            throw new IllegalStateException("the tape could not be played", recorder.failure());
        }
        if (options.verify())
        {
            new Verification(tape, options.repeat()).compare(options.bars());
        }
        if (options.replay())
        {
            new Replay(options).compare();
        }
    }

    private void runJob(final TapeRecorder recorder) throws Exception
    {
        final Pipeline pipeline =
            MarketDataPipeline.create(options.trades(), options.bars(), this::tap, screen::bar, false);
        try (Job job = pipeline.start(JobSettings.config(options, options.directory())))
        {
            screen.started(job);
            if (options.threads() == ThreadingMode.INVOKER)
            {
                while (job.status() == JobStatus.RUNNING && recorder.failure() == null)
                {
                    if (job.doWork() == 0)
                    {
                        Thread.onSpinWait();
                    }
                    screen.progress(job);
                }
            }
            while (!ended(job, Math.min(200, options.progressMillis())) && recorder.failure() == null)
            {
                screen.progress(job);
            }
            screen.ended(job);
        }
    }

    private static boolean ended(final Job job, final long millis) throws InterruptedException
    {
        try
        {
            job.await(millis, TimeUnit.MILLISECONDS);
            return true;
        }
        catch (final TimeoutException exception)
        {
            return false;
        }
    }

    private boolean tap(final Trade trade)
    {
        if (trade.number() == options.crashAt() && !Files.exists(options.crashMarker()))
        {
            crash();
        }
        screen.trade();
        return true;
    }

    private void crash()
    {
        try
        {
            Files.createFile(options.crashMarker());
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("cannot note the crash in " + options.crashMarker(), exception);
        }
        System.out.println("crash at trade " + options.crashAt() + ": start again to go on");
        System.out.flush();
        Runtime.getRuntime().halt(137);
    }

    /** Deletes what the sample has made in its directory, and nothing else; not while another process works there. */
    private void startOver() throws IOException
    {
        final Path checkpoints = JobSettings.checkpoints(options.directory());
        if (Files.exists(checkpoints))
        {
            DirectoryLock.acquire(checkpoints, "checkpoint").close();
        }
        delete(options.trades());
        delete(options.bars());
        delete(checkpoints);
        delete(JobSettings.state(options.directory()));
        if (Files.isDirectory(options.directory()))
        {
            try (DirectoryStream<Path> marks = Files.newDirectoryStream(options.directory(), "crashed-at-*"))
            {
                for (final Path mark : marks)
                {
                    Files.delete(mark);
                }
            }
        }
    }

    static void delete(final Path directory) throws IOException
    {
        if (!Files.exists(directory))
        {
            return;
        }
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path path : paths.sorted(Comparator.reverseOrder()).toList())
            {
                Files.delete(path);
            }
        }
    }
}
