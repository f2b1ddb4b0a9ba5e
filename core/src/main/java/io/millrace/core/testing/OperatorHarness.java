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
package io.millrace.core.testing;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.StateBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.state.StateContext;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Drives one operator, step by step, as its task would: isolated, with state, snapshots, counters, and outputs that can
 * be full.
 *
 * <pre>
 *   try (OperatorHarness&lt;TradeFlyweight, Vwap&gt; harness =
 *       OperatorHarness.of(factory, TradeFlyweight.TYPE, VwapFlyweight.TYPE).open())
 *   {
 *       harness.push(10, trade -&gt; trade.symbol("A").price(2).size(3));
 *       harness.watermark(59_999);
 *       assertEquals(List.of(new VwapValue("A", 60_000, 2, 1)), harness.results(VwapValue::copyOf));
 *   }
 * </pre>
 *
 * Closing it fails when the operator has not given back all of its off-heap memory. For one thread.
 *
 * @param <W> flyweight that writes the input
 * @param <R> read-only view of the output
 */
public final class OperatorHarness<W extends Flyweight, R> implements AutoCloseable
{
    private final MemoryAccount account = new MemoryAccount("operator under test");
    private final RecordType<R, ?> outputType;
    private final RecordType<?, W> inputType;
    private final Operator operator;
    private final InputBatch input;
    private final Region control;
    private final CapturedOutput output;
    private final Map<String, CapturedOutput> sideOutputs = new HashMap<>();
    private final List<CapturedOutput> outputs = new ArrayList<>();
    private final Map<String, RecordType<?, ?>> sideTypes = new HashMap<>();
    private final Map<String, Counter> counters = new HashMap<>();
    private final CapturedState state = new CapturedState(account);
    private int subtask;
    private int parallelism = 1;
    private long cause;
    private long checkpointId;
    private boolean opened;
    private boolean checkpointing;
    private final HarnessClock clock = new HarnessClock();

    private OperatorHarness(
        final OperatorFactory<? extends Operator> factory,
        final RecordType<?, W> inputType,
        final RecordType<R, ?> outputType)
    {
        this.inputType = inputType;
        this.outputType = outputType;
        this.operator = IsolatedLoader.newInstance("operator", Operator.class, factory);
        this.input = new InputBatch(account, operator, inputType == null ? Long.BYTES : inputType.maxLength(), outputs);
        this.control = Region.allocate(account, "control", SlotDescriptor.HEADER_LENGTH);
        this.output = outputType == null ? null : new CapturedOutput(outputType, account);
        if (output != null)
        {
            outputs.add(output);
        }
    }

    /**
     * A harness around a new instance of an operator, to be set up, then opened.
     *
     * @param factory    of the operator
     * @param inputType  of its records
     * @param outputType of its results, or null for a sink
     * @param <W>        flyweight that writes the input
     * @param <R>        read-only view of the output
     * @return the harness
     */
    public static <W extends Flyweight, R> OperatorHarness<W, R> of(
        final OperatorFactory<? extends Operator> factory,
        final RecordType<?, W> inputType,
        final RecordType<R, ?> outputType)
    {
        return new OperatorHarness<>(factory, inputType, outputType);
    }

    /**
     * Makes it one of several parallel instances; by default it is the only one.
     *
     * @param index     of the instance, from 0
     * @param instances number of instances
     * @return this
     */
    public OperatorHarness<W, R> subtask(final int index, final int instances)
    {
        subtask = index;
        parallelism = instances;
        return this;
    }

    /**
     * Makes it an operator of a job that makes checkpoints; by default it is told that there are none.
     *
     * @return this
     */
    public OperatorHarness<W, R> checkpointing()
    {
        checkpointing = true;
        return this;
    }

    /**
     * Keeps state elsewhere than in OFF_HEAP tables.
     *
     * @param factory of the backend
     * @return this
     */
    public OperatorHarness<W, R> stateBackend(final StateBackendFactory factory)
    {
        state.factory(factory);
        return this;
    }

    /**
     * Takes a side output.
     *
     * @param tag  of the side output
     * @param type of its records
     * @return this
     */
    public OperatorHarness<W, R> sideOutput(final String tag, final RecordType<?, ?> type)
    {
        sideTypes.put(tag, type);
        sideOutputs.put(tag, new CapturedOutput(type, account));
        outputs.add(sideOutputs.get(tag));
        return this;
    }

    /**
     * Makes the main output say stop at the last record that it has room for. It has room again at the next call of the
     * operator.
     *
     * @param records 1 or more
     * @return this
     */
    public OperatorHarness<W, R> room(final int records)
    {
        output.room(records);
        return this;
    }

    /**
     * Opens the operator.
     *
     * @return this
     */
    public OperatorHarness<W, R> open()
    {
        openOnly();
        operator.start();
        return this;
    }

    private void openOnly()
    {
        opened = true;
        operator.open(new HarnessContext());
    }

    /**
     * Opens the operator and puts back what another one wrote.
     *
     * @param snapshot of an operator of the same class
     * @return this
     */
    public OperatorHarness<W, R> restore(final OperatorSnapshot snapshot)
    {
        openOnly();
        state.restore(snapshot.chunks());
        if (snapshot.blobLength() > 0)
        {
            operator.restore(new BlobReader("operator", snapshot.blob()));
        }
        operator.start();
        return this;
    }

    /**
     * Hands records to the operator by the batch, as they come in a chain: when so many are there, or something else
     * than a record comes. By default each is a batch of its own.
     *
     * @param records from 1 to {@link BatchProcessor#MAX_BATCH}
     * @return this
     */
    public OperatorHarness<W, R> batches(final int records)
    {
        if (records < 1 || records > BatchProcessor.MAX_BATCH)
        {
            throw new IllegalArgumentException("records=" + records + " in a batch: 1 to " + BatchProcessor.MAX_BATCH);
        }
        input.capacity(records);
        return this;
    }

    /**
     * Sends a record to the operator. Its cause is one more than that of the record before.
     *
     * @param timestamp event time
     * @param record    writes the fields; those not written are 0
     * @return what the operator said last: false to stop as soon as possible
     */
    public boolean push(final long timestamp, final Consumer<? super W> record)
    {
        return push(0, inputType, timestamp, record);
    }

    /**
     * Sends a record to one of several inputs of the operator. It is in a batch with others of the same input.
     *
     * @param index     of the input
     * @param type      of its records
     * @param timestamp event time
     * @param record    writes the fields; those not written are 0
     * @param <X>       flyweight that writes the records
     * @return what the operator said last: false to stop as soon as possible
     */
    public <X extends Flyweight> boolean push(
        final int index, final RecordType<?, X> type, final long timestamp, final Consumer<? super X> record)
    {
        final long slot = input.claim(index, type.maxLength());
        final X flyweight = type.newFlyweight();
        flyweight.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        record.accept(flyweight);
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA,
            type.fixedLength() ? type.blockLength() : flyweight.encodedLength());
        stamp(slot, timestamp, cause++);
        return input.commit();
    }

    /** Sends a record of a script. */
    void push(final ScriptElement element)
    {
        final byte[] record = element.record();
        final long slot = input.claim(element.input(), record.length);
        Memory.copyIn(record, 0, slot + SlotDescriptor.HEADER_LENGTH, record.length);
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, record.length);
        stamp(slot, element.timestamp(), cause++);
        input.commit();
    }

    /** Sets the cause of the next record. */
    OperatorHarness<W, R> nextCause(final long next)
    {
        cause = next;
        return this;
    }

    /** Sets the id of the last snapshot, which the next one goes on from. */
    OperatorHarness<W, R> checkpointId(final long last)
    {
        checkpointId = last;
        return this;
    }

    /** Gives every output room for so many records, asked anew for each call of the operator. */
    OperatorHarness<W, R> rooms(final IntSupplier records)
    {
        outputs.forEach(taken -> taken.room(records));
        return this;
    }

    /** Whether the operator has ever said to go on when an output had said stop to it. */
    boolean heedless()
    {
        return input.heedless();
    }

    private void flush()
    {
        input.flush();
    }

    /**
     * Sends a watermark, and calls until the operator has done everything that it causes.
     *
     * @param timestamp of the watermark
     * @return number of calls that it took: 1 when the output was never full
     */
    public int watermark(final long timestamp)
    {
        flush();
        SlotDescriptor.kindAndLength(control.address(), SlotDescriptor.KIND_WATERMARK, 0);
        stamp(control.address(), timestamp, cause - 1);
        int calls = 1;
        makeRoom();
        while (!operator.watermark(control.address()))
        {
            calls++;
            makeRoom();
        }
        return calls;
    }

    /**
     * Moves processing time on, as a tick does, and calls until the operator has done everything that it causes. Before the
     * harness is opened it only says at what time the operator begins, or is restored.
     *
     * @param time of the tick, above that of the one before
     * @return number of calls that it took: 1 when the output was never full
     */
    public int processingTime(final long time)
    {
        flush();
        clock.time(time);
        if (!opened)
        {
            return 0;
        }
        SlotDescriptor.kindAndLength(control.address(), SlotDescriptor.KIND_TICK, 0);
        stamp(control.address(), time, cause - 1);
        int calls = 1;
        makeRoom();
        while (!operator.processingTime(control.address()))
        {
            calls++;
            makeRoom();
        }
        return calls;
    }

    /**
     * When the operator last asked to be woken.
     *
     * @return the time, {@link ProcessingClock#NEVER} when it did not
     */
    public long wakeAt()
    {
        flush();
        return clock.wakeAt();
    }

    /**
     * Ends the input, after a last watermark, and calls until the operator has done everything that it causes.
     *
     * @return number of calls that it took for the end
     */
    public int finish()
    {
        watermark(Long.MAX_VALUE);
        SlotDescriptor.kindAndLength(control.address(), SlotDescriptor.KIND_END_OF_STREAM, 0);
        stamp(control.address(), 0, cause - 1);
        int calls = 1;
        makeRoom();
        while (!operator.finish(control.address()))
        {
            calls++;
            makeRoom();
        }
        return calls;
    }

    /** Tells the operator that the input is empty. */
    public void idle()
    {
        flush();
        makeRoom();
        operator.idle();
    }

    /**
     * Takes a snapshot, as at a barrier.
     *
     * @return the snapshot, with the id of {@link #checkpointId()}
     */
    public OperatorSnapshot barrier()
    {
        return barrier(false);
    }

    /** Takes a snapshot of all state, or of what has changed and all before. */
    OperatorSnapshot barrier(final boolean full)
    {
        flush();
        checkpointId++;
        makeRoom();
        operator.prepareSnapshot(checkpointId);
        final BlobWriter blob = new BlobWriter();
        operator.snapshot(blob);
        final byte[] bytes = Arrays.copyOf(blob.bytes(), blob.length());
        return new OperatorSnapshot(bytes, state.snapshot(full));
    }

    /**
     * Id of the last snapshot.
     *
     * @return 0 before the first
     */
    public long checkpointId()
    {
        return checkpointId;
    }

    /** Tells the operator that the last snapshot, and so every one before it, will survive. */
    public void checkpointComplete()
    {
        checkpointComplete(checkpointId);
    }

    /**
     * Tells the operator that a snapshot, and so every one before it, will survive.
     *
     * @param id of the snapshot
     */
    public void checkpointComplete(final long id)
    {
        flush();
        operator.checkpointComplete(id);
    }

    /**
     * What the operator emitted since the last call of this.
     *
     * @param copy makes a value of a view that is valid during the call
     * @param <T>  of the values
     * @return in the order of emission
     */
    public <T> List<T> results(final Function<? super R, T> copy)
    {
        return emitted(copy).stream().map(Emitted::value).toList();
    }

    /**
     * What the operator emitted since the last call of this, with event time and cause.
     *
     * @param copy makes a value of a view that is valid during the call
     * @param <T>  of the values
     * @return in the order of emission
     */
    public <T> List<Emitted<T>> emitted(final Function<? super R, T> copy)
    {
        flush();
        return output.take(outputType, copy);
    }

    /**
     * What the operator emitted to a side output since the last call of this, with event time and cause.
     *
     * @param tag  of the side output
     * @param type of its records, as declared
     * @param copy makes a value of a view that is valid during the call
     * @param <S>  read-only view of the records
     * @param <T>  of the values
     * @return in the order of emission
     */
    public <S, T> List<Emitted<T>> emitted(
        final String tag, final RecordType<S, ?> type, final Function<? super S, T> copy)
    {
        if (sideTypes.get(tag) != type)
        {
            throw new IllegalArgumentException("side output tag=" + tag + " is declared with record=" +
                sideTypes.get(tag) + ", not record=" + type + ": take it with sideOutput(tag, type)");
        }
        flush();
        return sideOutputs.get(tag).take(type, copy);
    }

    /**
     * What the operator counted.
     *
     * @param name of the counter
     * @return the number
     */
    public long counter(final String name)
    {
        flush();
        final Counter counter = counters.get(name);
        if (counter == null)
        {
            throw new IllegalArgumentException("counter=" + name + " is none of the operator's: " + counters.keySet());
        }
        return counter.get();
    }

    /**
     * What the operator last said.
     *
     * @return false to stop as soon as possible
     */
    public boolean goOn()
    {
        return input.flush();
    }

    private void makeRoom()
    {
        outputs.forEach(CapturedOutput::makeRoom);
    }

    private static void stamp(final long slot, final long timestamp, final long cause)
    {
        SlotDescriptor.timestamp(slot, timestamp);
        SlotDescriptor.cause(slot, cause);
        SlotDescriptor.ingressTime(slot, System.nanoTime());
    }

    @Override
    public void close()
    {
        try
        {
            if (opened)
            {
                operator.close();
            }
        }
        finally
        {
            state.close();
            outputs.forEach(CapturedOutput::close);
            control.close();
            input.close();
        }
        if (input.waiting() > 0)
        {
            throw new IllegalStateException("records=" + input.waiting() + " of a batch that is not full were pushed, and never " +
                "handed over: ask for the results, or finish(), before close()");
        }
        if (account.allocatedBytes() != 0)
        {
            throw new IllegalStateException("the operator keeps bytes=" + account.allocatedBytes() +
                " of off-heap memory: free them in close()");
        }
    }

    /** What the operator is given. */
    private final class HarnessContext implements OperatorContext
    {
        @Override
        public ProcessingClock processingClock()
        {
            return clock;
        }

        @Override
        public String jobName()
        {
            return "test";
        }

        @Override
        public String name()
        {
            return "operator";
        }

        @Override
        public String uid()
        {
            return "operator";
        }

        @Override
        public int subtask()
        {
            return subtask;
        }

        @Override
        public int parallelism()
        {
            return parallelism;
        }

        @Override
        public int maxParallelism()
        {
            return 128;
        }

        @Override
        public boolean checkpointing()
        {
            return checkpointing;
        }

        @Override
        public Output output()
        {
            return output;
        }

        @Override
        public Output sideOutput(final String tag)
        {
            return sideOutputs.get(tag);
        }

        @Override
        public RecordType<?, ?> sideOutputType(final String tag)
        {
            return sideTypes.get(tag);
        }

        @Override
        public StateBackend state()
        {
            return state.open(new StateContext(jobName(), uid(), subtask,
                KeyGroupRange.of(subtask, parallelism, maxParallelism()), account, state.outlet()));
        }

        @Override
        public Counter counter(final String name)
        {
            return counters.computeIfAbsent(name, key -> new Counter(name(), key));
        }

        @Override
        public MemoryAccount account()
        {
            return account;
        }
    }
}
