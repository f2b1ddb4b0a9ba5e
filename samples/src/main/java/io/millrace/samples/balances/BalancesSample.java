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
package io.millrace.samples.balances;

import io.millrace.checkpoint.backend.ChronicleMapBackend;
import io.millrace.checkpoint.backend.ChronicleMapReader;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Ingress;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps balances in a Chronicle Map, and has another process read them while the job runs. */
public final class BalancesSample
{
    static final String JOB = "balances";
    static final String OPERATOR = "balance of each account";
    /** What the function's state is called in the backend. */
    static final String STATE = "user/balance";
    static final int ACCOUNTS = 100;

    private static final int TRANSFERS = 10_000;

    private BalancesSample()
    {
    }

    /**
     * Prints some of the balances that the other process has read.
     *
     * @throws Exception when the job or the other process fails
     */
    public static void run() throws Exception
    {
        final Map<Long, Long> expected = new TreeMap<>();
        final List<String> lines = read(expected);
        System.out.println("another process has read " + lines.size() + " balances of the running job, say " +
            lines.get(0));
    }

    /** Runs the job, and gives the lines of the other process; adds what they should be. */
    static List<String> read(final Map<Long, Long> expected) throws Exception
    {
        final Path directory = Files.createTempDirectory("millrace-balances");
        final AtomicInteger taken = new AtomicInteger();
        try (Ingress<Transfer, TransferFlyweight> transfers = Ingress.create(TransferFlyweight.TYPE, 1 << 14))
        {
            final Pipeline pipeline = Pipeline.create(JOB);
            pipeline
                .source(transfers, WatermarkStrategy.noWatermarks(), "transfers")
                .keyByLong(Transfer::account)
                .process(TransferFlyweight.TYPE, KeepBalance::new).uid(OPERATOR)
                .sink(CallbackSink.of(transfer -> taken.incrementAndGet()), "taken");
            try (Job job = pipeline.start(
                new JobConfig().stateBackend(ChronicleMapBackend.in(directory).entries(10_000))))
            {
                publish(transfers, expected);
                awaitRows(job, taken, directory);
                return readInAnotherProcess(directory);
            }
        }
        finally
        {
            delete(directory);
        }
    }

    private static void publish(
        final Ingress<Transfer, TransferFlyweight> transfers, final Map<Long, Long> expected)
    {
        final SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < TRANSFERS; i++)
        {
            final long account = random.nextInt(ACCOUNTS);
            final long amount = random.nextInt(-100, 200);
            expected.merge(account, amount, Long::sum);
            while (!transfers.offer(transfer -> transfer.account(account).amount(amount)))
            {
                Thread.onSpinWait();
            }
        }
    }

    /** The rows are there when the job has nothing else to do. */
    private static void awaitRows(final Job job, final AtomicInteger taken, final Path directory)
    {
        while (taken.get() < TRANSFERS && job.failure() == null)
        {
            Thread.onSpinWait();
        }
        try (ChronicleMapReader balances = BalanceReader.open(directory))
        {
            while (balances.size() < ACCOUNTS)
            {
                Thread.onSpinWait();
            }
        }
    }

    private static List<String> readInAnotherProcess(final Path directory) throws IOException, InterruptedException
    {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-agentlib")).forEach(command::add);
        command.addAll(List.of("-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            BalanceReader.class.getName(), directory.toString()));
        final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8))
        {
            final List<String> lines = reader.lines().filter(line -> line.startsWith("account=")).toList();
            final int status = process.waitFor();
            if (status != 0)
            {
                throw new IllegalStateException("status=" + status + " of the reader: see its messages above");
            }
            return lines;
        }
    }

    private static void delete(final Path directory) throws IOException
    {
        try (var paths = Files.walk(directory))
        {
            for (final Path path : paths.sorted((left, right) -> right.compareTo(left)).toList())
            {
                Files.delete(path);
            }
        }
    }
}
