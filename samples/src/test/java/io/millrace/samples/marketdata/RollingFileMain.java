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

import io.millrace.checkpoint.coordinator.Checkpoints;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.sink.rolling.RollingFileSink;
import io.millrace.operators.source.Generator;

import java.nio.file.Path;

/** Numbers its records in rolling files, with many checkpoints, and prints how far it is. To be killed. */
final class RollingFileMain
{
    static final long COUNT = 1_000_000;
    private static final long LINE = 20_000;

    private RollingFileMain()
    {
    }

    public static void main(final String[] arguments) throws Exception
    {
        final Path directory = Path.of(arguments[0]);
        final boolean durable = Boolean.parseBoolean(arguments[1]);
        final RollingFileSink<Trade> files = RollingFileSink.<Trade>lines(
            directory.resolve("out"), "kill", "txt", (trade, line) -> line.append(trade.time())).rollAtLength(40_000);
        final Pipeline pipeline = Pipeline.create("kill");
        final DataStream<Trade> trades = pipeline.source(
            Generator.of(TradeFlyweight.TYPE, COUNT, (number, out) -> out.time(number).instrument("A")),
            WatermarkStrategy.forMonotonousTimestamps(), "trades");
        trades.sink(durable ? files.forced() : files, "files");
        trades.sink(CallbackSink.of(trade ->
        {
            if (trade.time() % LINE == 0)
            {
                System.out.println("at " + trade.time());
            }
        }), "progress");
        try (Job job = pipeline.start(new JobConfig().checkpointing(Checkpoints.in(directory.resolve("checkpoints"))
            .everyRecords(5_000).durability(durable ? SyncLevel.DURABLE : SyncLevel.PROCESS))))
        {
            job.await();
        }
        System.out.println("done");
    }
}
