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

import io.millrace.core.chain.BatchedOutput;
import io.millrace.core.chain.BufferedOutput;
import io.millrace.core.chain.CollectingOutput;
import io.millrace.core.chain.DirectOutput;
import io.millrace.core.chain.DiscardOutput;
import io.millrace.core.chain.FailureJudge;
import io.millrace.core.chain.FanOutOutput;
import io.millrace.core.chain.FencedOutput;
import io.millrace.core.chain.FencedProcessor;
import io.millrace.core.chain.GeneratingOutput;
import io.millrace.core.chain.GuardedKeyedOutput;
import io.millrace.core.chain.GuardedProcessor;
import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.chain.Meeting;
import io.millrace.core.chain.MeetingOutput;
import io.millrace.core.chain.MixedBatch;
import io.millrace.core.chain.OutputHash;
import io.millrace.core.chain.OutputTap;
import io.millrace.core.chain.PassedFailure;
import io.millrace.core.chain.RecordLoop;
import io.millrace.core.chain.SourceStamp;
import io.millrace.core.chain.StagingOutput;
import io.millrace.core.chain.StampingOutput;
import io.millrace.core.chain.TappedOutput;
import io.millrace.core.exchange.ForwardOutput;
import io.millrace.core.exchange.HashOutput;
import io.millrace.core.exchange.KeyedOutput;
import io.millrace.core.exchange.RebalanceOutput;
import io.millrace.core.exchange.RingWriter;
import io.millrace.core.exchange.Turn;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.EventTimeOperator;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.ReadAheadOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.ordering.AlignmentGroup;
import io.millrace.core.ordering.ArrivalMerge;
import io.millrace.core.ordering.SavedPlace;
import io.millrace.core.ordering.SourceProgress;
import io.millrace.core.plan.ChainPlan;
import io.millrace.core.plan.Exchange;
import io.millrace.core.plan.Plan;
import io.millrace.core.plan.PlanEdge;
import io.millrace.core.plan.PlanNode;
import io.millrace.core.state.StateBackend;
import io.millrace.core.time.WatermarkAlignment;
import io.millrace.core.time.WatermarkGenerator;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.Region;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.ring.RecordRing;
import io.millrace.memory.ring.RingConsumer;
import io.millrace.memory.table.DeltaOutlet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/** Builds one task: its operators, each from its own copy of the class, and the edges between them. */
final class TaskAssembly
{
    private final JobAssembly job;
    private final Plan plan;
    private final ChainPlan chainPlan;
    private final int subtask;
    private final int taskId;
    private final String name;
    private final DeltaOutlet outlet;
    private final List<Region> regions = new ArrayList<>();
    private final List<RingWriter> writers = new ArrayList<>();
    private final List<BufferedOutput> buffers = new ArrayList<>();
    private final List<RebalanceTurn> turns = new ArrayList<>();
    private final List<KeyedEdge> keyedEdges = new ArrayList<>();
    private final List<ChainNode> nodes = new ArrayList<>();
    private final Map<PlanNode, Meeting> meetings = new HashMap<>();
    private final PassedFailure passed = new PassedFailure();
    private final FailureJudge judge = new FailureJudge(passed);
    private NodeContext sourceContext;
    private final TaskHashes hashes;
    private TaskPlace place;
    /** Set for a task that merges by arrival. */
    private SourceProgress arrival;
    private Source source;
    /** Null unless an operator shows output whose order must survive first. */
    private OutputGate gate;

    TaskAssembly(final JobAssembly job, final ChainPlan chainPlan, final int subtask, final int taskId)
    {
        this.job = job;
        this.plan = job.plan;
        this.chainPlan = chainPlan;
        this.subtask = subtask;
        this.taskId = taskId;
        this.outlet = job.checkpoints == null ? null : job.checkpoints.outlet(taskId);
        this.name = taskName(chainPlan, subtask);
        this.hashes = TaskHashes.of(job.stateHashes, job.hashRecording, subtask);
    }

    private static String taskName(final ChainPlan chain, final int subtask)
    {
        return chain.head().name() + (chain.parallelism() == 1 ? "" : "-" + subtask);
    }

    Task build(final BiConsumer<Task, Throwable> failed)
    {
        try
        {
            return assemble(failed);
        }
        catch (final RuntimeException | Error failure)
        {
            final OrderlyClose closing = new OrderlyClose();
            closing.close("source of task " + name, source);
            nodes.forEach(node -> node.close(closing));
            writers.forEach(writer -> closing.close("ring writer of task " + name, writer));
            regions.forEach(region -> closing.close(region.owner(), region));
            closing.attachTo(failure);
            throw failure;
        }
    }

    private Task assemble(final BiConsumer<Task, Throwable> failed)
    {
        final PlanNode head = chainPlan.head();
        for (final PlanNode node : chainPlan.nodes())
        {
            if (node.operator() != null)
            {
                final ChainNode chainNode = new ChainNode(node.name(), node.uid(),
                    IsolatedLoader.newInstance(node.name(), Operator.class, node.operator()), context(node));
                chainNode.unopened = true;
                nodes.add(chainNode);
            }
        }
        final List<BufferedOutput> headBuffers = new ArrayList<>();
        sourceContext = head.source() == null ? null : context(head);
        if (sourceContext != null)
        {
            connect(head, sourceContext, headBuffers);
        }
        for (final ChainNode node : nodes)
        {
            connect(planNode(node), node.context, node.buffered);
        }
        for (final ChainNode node : nodes)
        {
            open(node);
        }
        final boolean showing = nodes.stream().anyMatch(node -> node.context.showing());
        gate = showing && job.order != null ? job.order.newGate() : null;
        final TaskSnapshot snapshot = new TaskSnapshot(taskId, subtask, job.checkpoints, outlet, backends(),
            job.account, turns, hashes, job.order == null ? null : job.order.newGate());
        final long control = allocate("control", SlotDescriptor.HEADER_LENGTH);
        final Chain chain = new Chain(nodes.toArray(ChainNode[]::new), headBuffers.toArray(BufferedOutput[]::new),
            buffers.toArray(BufferedOutput[]::new), snapshot, control);
        if (plan.usesProcessingTime())
        {
            snapshot.keepTime(head.uid());
        }
        if (job.order != null && sourceContext == null)
        {
            arrival = plan.mergesByArrival(chainPlan) ? job.order.arrivalMerge(chainPlan, subtask, name) : null;
            place = arrival == null ? savedPlace(job.order.task(chainPlan, subtask, name)) : null;
        }
        final TaskInput input = sourceContext == null ? channelInput(chain) : sourceInput(head, sourceContext, chain);
        final Task[] task = new Task[1];
        task[0] = new Task(name, subtask, sourceContext == null ? null : head.uid(), chain, input,
            writers.toArray(RingWriter[]::new), snapshot, regions, keyedEdges, place, throwable -> failed.accept(task[0], throwable));
        return task[0];
    }

    private void open(final ChainNode node)
    {
        if (job.opens.test(planNode(node)))
        {
            node.unopened = false;
            node.operator.open(node.context);
        }
    }

    private List<StateBackend> backends()
    {
        return nodes.stream().map(ChainNode::backend).filter(Objects::nonNull).toList();
    }

    private NodeContext context(final PlanNode node)
    {
        final NodeContext context = new NodeContext(plan.name(), plan.timeUnit(), node, subtask, plan.maxParallelism(),
            job.config.stateBackend(), job.config.journaling(), job.account, outlet, job.counters,
            hashes != null);
        context.latestDeadLetters(job.deadLetters);
        context.judge(judge);
        context.clock(node.usesProcessingTime() ? job.order.newNodeClock() : null);
        return context;
    }

    private PlanNode planNode(final ChainNode node)
    {
        return chainPlan.nodes().stream()
            .filter(candidate -> candidate.uid().equals(node.uid)).findFirst().orElseThrow();
    }

    private ChainNode chainNode(final PlanNode node)
    {
        return nodes.stream().filter(candidate -> candidate.uid.equals(node.uid())).findFirst().orElseThrow();
    }

    /** What takes the records of a stream: an input of an operator, behind a guard where there is a policy for failures. */
    private BatchProcessor processor(final ChainNode node, final PlanEdge edge)
    {
        final BatchProcessor plain = processor(node, edge.input());
        return plain == null || !edge.to().errorPolicy().guards() ? plain :
            IsolatedLoader.newInstance(node.name, BatchProcessor.class, GuardedProcessor.class, plain, (SkippingOperator)node.operator,
                edge.from().outputType(edge.tag()), node.context, edge.to().errorPolicy(), judge);
    }

    private static BatchProcessor processor(final ChainNode node, final int input)
    {
        if (node.operator instanceof MultipleInputOperator inputs)
        {
            return inputs.input(input);
        }
        if (node.operator instanceof EventTimeOperator)
        {
            // The chain asks it for records one run at a time.
            return null;
        }
        return node.operator instanceof BatchProcessor batches ? batches :
            IsolatedLoader.newInstance(node.name, BatchProcessor.class, RecordLoop.class, node.operator);
    }

    private void connect(final PlanNode node, final NodeContext context, final List<BufferedOutput> buffered)
    {
        final List<PlanEdge> edges = plan.outputs(node);
        context.output(tapped(node, null, output(node, null, edges, buffered)));
        edges.stream().map(PlanEdge::tag).filter(Objects::nonNull).distinct()
            .forEach(tag -> context.sideOutput(tag, tapped(node, tag, output(node, tag, edges, buffered))));
    }

    private Output tapped(final PlanNode node, final String tag, final Output output)
    {
        if (output == null)
        {
            return null;
        }
        final OutputHash hash = hashes == null ? null : hashes.output(node.uid());
        final Output hashed = hash == null ? output : isolated(node, TappedOutput.class, output, hash);
        final EmissionObserver observer = job.config.observing();
        final RecordType<?, ?> type = node.outputType(tag);
        return observer == null ? hashed : isolated(node, TappedOutput.class, hashed,
            (OutputTap)slot -> observer.emitted(node.uid(), subtask, tag, type, slot));
    }

    private Output output(
        final PlanNode node, final String tag, final List<PlanEdge> edges, final List<BufferedOutput> buffered)
    {
        final List<Output> outputs = new ArrayList<>();
        boolean meeting = false;
        for (final PlanEdge edge : edges)
        {
            if (tag == null ? edge.tag() == null : tag.equals(edge.tag()))
            {
                meeting |= plan.chained(edge) && plan.meets(edge.to());
                outputs.add(plan.chained(edge) ? chainedOutput(edge, buffered) : fencedRingOutput(edge));
            }
        }
        if (outputs.size() == 1)
        {
            return outputs.get(0);
        }
        final RecordType<?, ?> type = node.outputType(tag);
        if (outputs.isEmpty())
        {
            return type == null ? null : isolated(node, DiscardOutput.class, hotSlot(node, type));
        }
        return isolated(node, FanOutOutput.class, outputs.toArray(Output[]::new), slots(node, type), meeting);
    }

    private Output chainedOutput(final PlanEdge edge, final List<BufferedOutput> buffered)
    {
        final RecordType<?, ?> type = edge.from().outputType(edge.tag());
        final PlanNode to = edge.to();
        final boolean guarded = guarded(edge.from());
        if (plan.meetsLast(to))
        {
            final Output output = isolated(edge.from(), MeetingOutput.class, meeting(to), edge.input(), slots(edge.from(), type));
            buffered.add((BufferedOutput)output);
            buffers.add((BufferedOutput)output);
            return guarded ? isolated(edge.from(), FencedOutput.class, output, passed) : output;
        }
        final BatchProcessor next = processor(chainNode(to), edge);
        final BatchProcessor fenced = guarded ? new FencedProcessor(next, passed) : next;
        if (plan.meets(to))
        {
            return isolated(edge.from(), DirectOutput.class, fenced, slots(edge.from(), type));
        }
        final BufferedOutput output = (BufferedOutput)isolated(
            edge.from(), guarded ? CollectingOutput.class : BatchedOutput.class, fenced, slots(edge.from(), type));
        buffered.add(output);
        buffers.add(output);
        return output;
    }

    private static boolean guarded(final PlanNode node)
    {
        return node.operator() != null && node.errorPolicy().guards();
    }

    private Meeting meeting(final PlanNode node)
    {
        return meetings.computeIfAbsent(node, this::newMeeting);
    }

    private Meeting newMeeting(final PlanNode node)
    {
        final ChainNode met = chainNode(node);
        final List<PlanEdge> edges = plan.inputs(node).stream().filter(plan::chained).toList();
        final BatchProcessor[] processors = new BatchProcessor[1 + edges.stream().mapToInt(PlanEdge::input).max().orElseThrow()];
        int longest = 0;
        for (final PlanEdge edge : edges)
        {
            longest = Math.max(longest, edge.from().outputType(edge.tag()).maxLength());
            if (processors[edge.input()] == null)
            {
                processors[edge.input()] = processor(met, edge);
            }
        }
        // Under a guard a record that fails is found by itself, so none may fail ahead.
        final ReadAheadOperator ahead = met.operator instanceof ReadAheadOperator operator && !node.errorPolicy().guards() ?
            operator : ReadAheadOperator.NONE;
        return IsolatedLoader.newInstance(met.name, Meeting.class, MixedBatch.class, processors, ahead,
            slots("records that meet at " + met.name, longest));
    }

    private Output fencedRingOutput(final PlanEdge edge)
    {
        final Output output = ringOutput(edge);
        return guarded(edge.from()) ? isolated(edge.from(), FencedOutput.class, output, passed) : output;
    }

    private Output ringOutput(final PlanEdge edge)
    {
        final ChannelRings channels = job.channels.get(edge);
        final RecordRing[] rings = channels.from(subtask);
        final RingWriter[] edgeWriters = new RingWriter[rings.length];
        for (int i = 0; i < rings.length; i++)
        {
            edgeWriters[i] = new RingWriter(rings[i].producer(), channels.type(), job.account);
            writers.add(edgeWriters[i]);
        }
        if (edgeWriters.length == 1)
        {
            return isolated(edge.from(), ForwardOutput.class, edgeWriters[0], slots(edge.from(), channels.type()));
        }
        if (edge.exchange() == Exchange.HASH)
        {
            final KeyEncoder encoder = IsolatedLoader.newInstance(edge.from().name(), KeyEncoder.class,
                edge.keyEncoder());
            final Output keyed = isolated(edge.from(), HashOutput.class, edgeWriters, encoder,
                slots(edge.from(), channels.type()), allocate("key", encoder.keyLength()), plan.maxParallelism());
            keyedEdges.add(new KeyedEdge(edge.from(), channels.type(), (KeyedOutput)keyed));
            return edge.to().errorPolicy().guards() ? guarded(edge, channels.type(), keyed) : keyed;
        }
        final Output output = isolated(edge.from(), RebalanceOutput.class, edgeWriters,
            slots(edge.from(), channels.type()));
        turns.add(new RebalanceTurn(edge.from().uid() + "/turn/" + edge.to().uid(), (Turn)output));
        return output;
    }

    /** The key is a function of the operator that it leads to, and fails by that one's policy. */
    private Output guarded(final PlanEdge edge, final RecordType<?, ?> type, final Output keyed)
    {
        final NodeContext context = edge.from().operator() == null ? sourceContext : chainNode(edge.from()).context;
        return isolated(edge.from(), GuardedKeyedOutput.class, keyed, (KeyedOutput)keyed, type,
            context.deadLettersOf(edge.to().name()), edge.to().errorPolicy(), judge);
    }

    private static Output isolated(final PlanNode node, final Class<? extends Output> type, final Object... arguments)
    {
        return IsolatedLoader.newInstance(node.name(), Output.class, type, arguments);
    }

    private long hotSlot(final PlanNode node, final RecordType<?, ?> type)
    {
        final long slot = allocate("slot of " + node.name(), SlotDescriptor.slotLength(type.maxLength(), 64));
        SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, type.blockLength());
        return slot;
    }

    private long[] slots(final PlanNode node, final RecordType<?, ?> type)
    {
        final long[] slots = slots("slots of " + node.name(), type.maxLength());
        for (final long slot : slots)
        {
            SlotDescriptor.kindAndLength(slot, SlotDescriptor.KIND_DATA, type.blockLength());
        }
        return slots;
    }

    private long[] slots(final String use, final int maxRecordLength)
    {
        final int stride = SlotDescriptor.slotLength(maxRecordLength, 64);
        final long first = allocate(use, (long)stride * BatchProcessor.MAX_BATCH);
        final long[] slots = new long[BatchProcessor.MAX_BATCH];
        for (int i = 0; i < slots.length; i++)
        {
            slots[i] = first + (long)i * stride;
        }
        return slots;
    }

    private long allocate(final String use, final long length)
    {
        final Region region = Region.allocate(job.account, name + " " + use, length);
        regions.add(region);
        return region.address();
    }

    private TaskInput sourceInput(final PlanNode node, final NodeContext context, final Chain chain)
    {
        final WatermarkStrategy<?> strategy = node.watermarks();
        final RecordType<?, ?> type = node.outputType(null);
        final int eventTimeOffset = strategy.timestampAssigner() != null ? 0 :
            strategy.ingestionTime() || type.eventTime() == null ? -1 : SlotDescriptor.HEADER_LENGTH + type.eventTime().offset();
        final SourceProgress progress = job.order == null ? null : job.order.source(chainPlan, subtask, name);
        final StagingOutput staging = progress == null || !job.order.logged() ? null : staging(context, type);
        final RecordTimestamps<?> timestamps = timestamps(node, strategy, type);
        final SourceOutput output =
            stampingOutput(node, staging == null ? context.output() : staging, timestamps, eventTimeOffset);
        final Source isolated = IsolatedLoader.newInstance(node.name(), Source.class, node.source());
        source = !job.opens.test(node) ? new UnopenedSource(isolated) :
            job.config.gating() == null ? isolated : new GatedSource(isolated, job.config.gating(), node.uid(), subtask);
        source.open(context);
        final SourceTurns turns = staging == null ? null : new SourceTurns(
            progress, staging, job.order.barriers(), sourceClock(strategy), job.order.halts());
        final SourceInput input = new SourceInput(node.name(), node.uid(), source, output, chain,
            buffers.toArray(BufferedOutput[]::new), job.checkpoints, job.endOfInput, turns, gate,
            eventTime(node, context, (SourceStamp)output, timestamps, chain.watermarks()),
            new CheckpointDistance(job.checkpoints, source, type));
        if (progress != null)
        {
            place = turns != null ? turns::published : onlySource(progress, input);
        }
        return input;
    }

    private SourceClock sourceClock(final WatermarkStrategy<?> strategy)
    {
        return job.order.engineClock() == null ? null : new SourceClock(job.order.engineClock(), plan.timeUnit(),
            plan.usesProcessingTime(), strategy.ingestionTime(), strategy.idleness().toMillis());
    }

    private SourceOutput stampingOutput(
        final PlanNode node, final Output next, final RecordTimestamps<?> timestamps, final int eventTimeOffset)
    {
        final WatermarkStrategy<?> strategy = node.watermarks();
        if (strategy.generators() != null)
        {
            final WatermarkGenerator<?> generator = strategy.generators().get();
            if (generator == null)
            {
                throw new IllegalStateException("watermark generator of source " + node.name() +
                    " is null: the supplier of its strategy must make one");
            }
            return IsolatedLoader.newInstance(node.name(), SourceOutput.class, GeneratingOutput.class, node.name(), next,
                node.outputType(null), timestamps, eventTimeOffset, generator, units(strategy.step()));
        }
        final long lag = strategy.emitsWatermarks() ? units(strategy.outOfOrderness()) + 1 : 1;
        return IsolatedLoader.newInstance(node.name(), SourceOutput.class, StampingOutput.class, next, timestamps,
            eventTimeOffset, lag, units(strategy.step()), strategy.emitsWatermarks());
    }

    private SourceEventTime eventTime(
        final PlanNode node,
        final NodeContext context,
        final SourceStamp stamp,
        final RecordTimestamps<?> timestamps,
        final WatermarkBoard board)
    {
        final WatermarkAlignment aligned = node.watermarks().alignment();
        final AlignmentGroup.Member member = aligned == null ? null : job.alignments
            .computeIfAbsent(aligned.group(), AlignmentGroup::new).join(name, units(aligned.maxDrift()));
        return new SourceEventTime(stamp, timestamps, board, member, member == null ? null : context.counter("alignmentPauses"));
    }

    private StagingOutput staging(final NodeContext context, final RecordType<?, ?> type)
    {
        final int stride = SlotDescriptor.slotLength(type.maxLength(), 64);
        final long slots = allocate("staged records", (long)stride * StagingOutput.CAPACITY);
        for (int i = 0; i < StagingOutput.CAPACITY; i++)
        {
            SlotDescriptor.kindAndLength(slots + (long)i * stride, SlotDescriptor.KIND_DATA, type.blockLength());
        }
        return new StagingOutput(context.output(), slots, stride);
    }

    /** A single source is its own clock: what it may still emit lies behind what it has emitted. */
    private static TaskPlace onlySource(final SourceProgress progress, final SourceInput input)
    {
        return pending ->
        {
            if (input.ended() && pending == TaskPlace.NOTHING)
            {
                progress.end();
            }
            else
            {
                progress.advance(Math.min(pending, input.lastCause() + 1));
            }
        };
    }

    private static TaskPlace savedPlace(final SavedPlace saved)
    {
        return pending ->
        {
            if (pending == TaskPlace.NOTHING)
            {
                saved.clear();
            }
            else
            {
                saved.set(pending);
            }
        };
    }

    private long units(final Duration duration)
    {
        return plan.timeUnit().convert(duration);
    }

    @SuppressWarnings("unchecked")
    private static <V> RecordTimestamps<V> timestamps(
        final PlanNode node, final WatermarkStrategy<?> strategy, final RecordType<V, ?> type)
    {
        return new RecordTimestamps<>(node.name(), type, (ToLongFunction<? super V>)strategy.timestampAssigner());
    }

    private TaskInput channelInput(final Chain chain)
    {
        final List<RingConsumer> consumers = new ArrayList<>();
        final List<MergeInput.Channel> inputs = new ArrayList<>();
        final List<WatermarkBoard.Sender> senders = new ArrayList<>();
        for (final PlanEdge edge : plan.inputs(chainPlan.head()))
        {
            final ChannelRings channels = job.channels.get(edge);
            final BatchProcessor head = processor(nodes.get(0), edge);
            for (final ChannelRings.Channel channel : channels.to(subtask))
            {
                consumers.add(channel.consumer());
                senders.add(new WatermarkBoard.Sender(
                    edge.input(), edge.from().name(), taskName(plan.chainOf(edge.from()), channel.sender())));
                inputs.add(new MergeInput.Channel(head, channel.consumer().slotLength(), channels.type().maxLength()));
                if (job.order != null)
                {
                    job.order.input(chainPlan, subtask, plan.chainOf(edge.from()), channel.sender(),
                        channel.consumer(), channels.type().maxLength());
                }
            }
        }
        chain.watermarks().channels(senders);
        if (arrival != null)
        {
            final ArrivalMerge merge = job.order.mergeByArrival(chainPlan, subtask);
            final ArrivalRuns runs = new ArrivalRuns(name, merge, arrival,
                slots("records that arrived", inputs.stream().mapToInt(MergeInput.Channel::maxRecordLength).max().orElseThrow()));
            place = runs;
            return new MergeInput(chainPlan.head().uid(), merge, runs, inputs, chain, gate, job.checkpoints);
        }
        return consumers.size() == 1 ?
            new RingInput(consumers.get(0), chain, inputs.get(0).head(), inputs.get(0).maxRecordLength(), gate) :
            new MergeInput(
                chainPlan.head().uid(), job.order.merge(chainPlan, subtask), null, inputs, chain, gate, job.checkpoints);
    }

    /**
     * A rebalancing output with the name that its turn is kept under.
     *
     * @param name unique in the job
     * @param turn of the output
     */
    record RebalanceTurn(String name, Turn turn)
    {
    }

    /**
     * An output that asks for keys, with what a message says of the record that has none.
     *
     * @param from   node whose output it is
     * @param type   of the records
     * @param output asks
     */
    record KeyedEdge(PlanNode from, RecordType<?, ?> type, KeyedOutput output)
    {
    }
}
