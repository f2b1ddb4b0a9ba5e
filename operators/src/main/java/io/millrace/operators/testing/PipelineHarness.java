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
package io.millrace.operators.testing;

import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobStatus;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.operators.DataStream;
import io.millrace.operators.Pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Runs a whole pipeline in the test's thread, step by step: sources that the test pushes to, outputs that it takes values
 * from, snapshots on the heap. Nothing happens but when it is called, so there is nothing to wait for.
 *
 * <pre>
 *   try (PipelineHarness harness = new PipelineHarness("bars"))
 *   {
 *       final TestInput&lt;Trade, TradeFlyweight&gt; trades = harness.input("trades", TradeFlyweight.TYPE);
 *       final TestOutput&lt;BarValue&gt; bars = harness.output(MyJob.bars(trades.stream()), BarValue::copyOf);
 *       harness.start();
 *       trades.push(10, trade -&gt; trade.instrument("A").price(2)).watermark(999);
 *       harness.runUntilIdle();
 *       assertEquals(List.of(new BarValue("A", 1000, 2)), bars.take());
 *   }
 * </pre>
 *
 * What is pushed enters one by one, in the order in which it was pushed to all inputs, and after a restore again so.
 * Closing it fails when the pipeline has not given back all of its off-heap memory. For one thread.
 */
public final class PipelineHarness implements AutoCloseable
{
    private static final int MANY_STEPS = 1_000_000;
    private static final int QUIET_STEPS = 3;

    private final Pipeline pipeline;
    private final HeapCheckpoints checkpoints = new HeapCheckpoints();
    private final JobConfig config =
        new JobConfig().threading(ThreadingMode.INVOKER).ioThread(false).checkpointing(checkpoints);
    private final List<TestInput<?, ?>> inputs = new ArrayList<>();
    private int outputs;
    private Job job;
    private long turns;
    private long turn;

    /**
     * A harness with event time in milliseconds.
     *
     * @param name of the pipeline
     */
    public PipelineHarness(final String name)
    {
        this(name, TimeUnit.MILLISECONDS);
    }

    /**
     * A harness.
     *
     * @param name     of the pipeline
     * @param timeUnit of event time
     */
    public PipelineHarness(final String name, final TimeUnit timeUnit)
    {
        pipeline = Pipeline.create(name, timeUnit);
    }

    /**
     * The pipeline, for sources of other kinds.
     *
     * @return the pipeline
     */
    public Pipeline pipeline()
    {
        return pipeline;
    }

    /**
     * How the pipeline is run, to be changed before {@link #start()}: chaining, parallelism of state, state backend.
     * Threading and checkpointing are the harness's.
     *
     * @return the configuration
     */
    public JobConfig config()
    {
        return config;
    }

    /**
     * Adds a source that the test pushes to.
     *
     * @param name unique in the pipeline
     * @param type of its records
     * @param <V>  read-only view of the records
     * @param <W>  flyweight that writes them
     * @return the input
     */
    public <V, W extends Flyweight> TestInput<V, W> input(final String name, final RecordType<V, W> type)
    {
        final TestInput<V, W> input = new TestInput<>(this, name, type);
        final OperatorFactory<Operator> unwrap = OperatorFactory.of(PushedRecordOperator.class);
        input.stream(pipeline.source(
            input.source(), WatermarkStrategy.forMonotonousTimestamps().withStep(Duration.ZERO), name + "-pushed")
            .transform(name, unwrap, type));
        inputs.add(input);
        return input;
    }

    /**
     * Collects what comes out of a stream.
     *
     * @param stream of this pipeline
     * @param copy   makes a value of a view that is valid during the call
     * @param <V>    read-only view of the records
     * @param <T>    of the values
     * @return the output
     */
    public <V, T> TestOutput<T> output(final DataStream<V> stream, final Function<? super V, ? extends T> copy)
    {
        outputs++;
        final String name = "output-" + outputs;
        final TestOutput<T> output = new TestOutput<>(name);
        stream.rebalance().sink(output.<V>sink(copy), name).parallelism(1);
        return output;
    }

    /**
     * Starts the pipeline.
     *
     * @return this
     */
    public PipelineHarness start()
    {
        if (job != null)
        {
            throw new IllegalStateException("pipeline is started already: restore a snapshot to start it anew");
        }
        job = pipeline.start(config);
        return this;
    }

    /**
     * Lets everything that was pushed enter, one by one, and runs until there is nothing left to do.
     *
     * @return this
     */
    public PipelineHarness runUntilIdle()
    {
        settle();
        while (turn < turns && !job.status().ended())
        {
            turn++;
            settle();
        }
        return this;
    }

    /**
     * Lets the next of what was pushed enter, and runs until there is nothing left to do.
     *
     * @return false when nothing was left to enter
     */
    public boolean runNext()
    {
        settle();
        if (turn == turns)
        {
            return false;
        }
        turn++;
        settle();
        return true;
    }

    private void settle()
    {
        int idle = 0;
        for (int i = 0; idle < QUIET_STEPS; i++)
        {
            if (i == MANY_STEPS)
            {
                throw new IllegalStateException("the pipeline does not come to rest within steps=" + MANY_STEPS +
                    ": a source of it has no end");
            }
            idle = started().doWork() == 0 ? idle + 1 : 0;
        }
        if (job.status() == JobStatus.FAILED)
        {
            throw job.failure();
        }
    }

    private Job started()
    {
        if (job == null)
        {
            throw new IllegalStateException("the pipeline is not started: call start()");
        }
        return job;
    }

    /**
     * Pushes a watermark to every input, and runs until there is nothing left to do.
     *
     * @param timestamp of the watermark
     * @return this
     */
    public PipelineHarness watermark(final long timestamp)
    {
        inputs.forEach(input -> input.watermark(timestamp));
        return runUntilIdle();
    }

    /**
     * Ends every input, with its last watermark, and runs to the end.
     *
     * @return this
     */
    public PipelineHarness finish()
    {
        runUntilIdle();
        inputs.forEach(TestInput::finish);
        settle();
        if (job.status() != JobStatus.FINISHED)
        {
            throw new IllegalStateException("the pipeline does not end, status=" + job.status() + ":\n" + job.explain());
        }
        return this;
    }

    /**
     * Takes a snapshot of the whole pipeline, inputs and outputs included. What was pushed but has not entered yet is not
     * part of it.
     *
     * @return the snapshot
     */
    public PipelineSnapshot snapshot()
    {
        settle();
        final long id = job.checkpoint();
        settle();
        if (id == 0 || job.completedCheckpoint() < id)
        {
            throw new IllegalStateException("the snapshot does not complete:\n" + job.explain());
        }
        return checkpoints.latest();
    }

    /**
     * Starts the pipeline anew from a snapshot, as after a crash: what entered after the snapshot enters again when the
     * pipeline is run.
     *
     * @param snapshot of this pipeline
     * @return this
     */
    public PipelineHarness restore(final PipelineSnapshot snapshot)
    {
        started().close();
        checkpoints.beginFrom(snapshot);
        turn = 0;
        job = pipeline.start(config);
        return this;
    }

    /**
     * What operators counted.
     *
     * @param name of the counters
     * @return the sum over all operators
     */
    public long counter(final String name)
    {
        return started().counters().stream().filter(counter -> counter.name().equals(name)).mapToLong(Counter::get).sum();
    }

    long nextTurn()
    {
        return turns++;
    }

    /** What has a lower turn may enter. */
    long turn()
    {
        return turn;
    }

    @Override
    public void close()
    {
        if (job == null)
        {
            return;
        }
        job.close();
        if (job.offHeapBytes() != 0)
        {
            throw new IllegalStateException("the pipeline keeps bytes=" + job.offHeapBytes() +
                " of off-heap memory: free them in close() of operators and sources");
        }
    }
}
