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

import io.millrace.core.exchange.RingWriter;
import io.millrace.core.operator.DrainingOperator;
import io.millrace.core.runtime.TaskAssembly.KeyedEdge;
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import org.agrona.concurrent.Agent;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * An input, the chain of operators that it feeds, and the rings that the chain writes. Whoever steps it, a step never
 * blocks: a task whose outputs are full keeps its place and returns.
 * <p>
 * Order of a step: what overflowed goes first, then the walk of a control record, then new input; outputs are published
 * before the input is released, so that every record can be seen in at least one place.
 */
final class Task implements Agent, AutoCloseable
{
    private final String name;
    private final int subtask;
    private final String sourceUid;
    private final Chain chain;
    private final TaskInput input;
    private final RingWriter[] writers;
    private final DrainingOperator[] draining;
    private final TaskSnapshot snapshot;
    private final List<Region> regions;
    private final List<KeyedEdge> keyedEdges;
    /** Tells the merges downstream where the task stands; null in a job without merges. */
    private final TaskPlace place;
    private final Consumer<Throwable> failed;
    private boolean idle = true;
    private volatile boolean stopped;
    /** Steps taken, twice: odd within a step. Written by who steps, read by the watch. */
    private final AtomicLong steps = new AtomicLong();
    private volatile Thread stepper;

    Task(
        final String name,
        final int subtask,
        final String sourceUid,
        final Chain chain,
        final TaskInput input,
        final RingWriter[] writers,
        final TaskSnapshot snapshot,
        final List<Region> regions,
        final List<KeyedEdge> keyedEdges,
        final TaskPlace place,
        final Consumer<Throwable> failed)
    {
        this.name = name;
        this.subtask = subtask;
        this.sourceUid = sourceUid;
        this.chain = chain;
        this.input = input;
        this.writers = writers;
        this.draining = chain.draining();
        this.snapshot = snapshot;
        this.regions = regions;
        this.keyedEdges = keyedEdges;
        this.place = place;
        this.failed = failed;
    }

    @Override
    public String roleName()
    {
        return name;
    }

    int subtask()
    {
        return subtask;
    }

    /** The uid of the source that the task begins with, or null when rings feed it. */
    String sourceUid()
    {
        return sourceUid;
    }

    TaskSnapshot snapshot()
    {
        return snapshot;
    }

    Chain chain()
    {
        return chain;
    }

    /** How far event time has got, for who asks. */
    WatermarkExplanation.Subject watermarks()
    {
        final SourceInput source = input instanceof SourceInput sourceInput ? sourceInput : null;
        final List<String> operators = new ArrayList<>();
        if (source != null)
        {
            operators.add(source.name());
        }
        for (final ChainNode node : chain.nodes())
        {
            operators.add(node.name);
        }
        return new WatermarkExplanation.Subject(name, operators, chain.watermarks(), source != null,
            chain.assignsEventTime(), source == null ? null : source.eventTime().alignment());
    }

    /** The edges out of the task that ask for a key. */
    List<KeyedEdge> keyedEdges()
    {
        return keyedEdges;
    }

    boolean tellsBytes()
    {
        return input instanceof SourceInput source && source.tellsBytes();
    }

    TaskInput input()
    {
        return input;
    }

    /**
     * Whether the task has nothing more to do.
     *
     * @return true after its end, or after it failed
     */
    boolean stopped()
    {
        return stopped;
    }

    @Override
    public int doWork()
    {
        if (stopped)
        {
            return 0;
        }
        begin();
        try
        {
            return step();
        }
        catch (final Throwable throwable)
        {
            try
            {
                failed.accept(throwable);
            }
            finally
            {
                stopped = true;
            }
            return 0;
        }
        finally
        {
            steps.setRelease(steps.getPlain() + 1);
        }
    }

    private void begin()
    {
        final Thread current = Thread.currentThread();
        if (stepper != current)
        {
            stepper = current;
        }
        steps.setRelease(steps.getPlain() + 1);
    }

    /** Whether somebody is taking a step; any thread. */
    boolean stepping()
    {
        return (steps.getAcquire() & 1) != 0;
    }

    /** Who took the latest step; any thread. */
    Thread stepper()
    {
        return stepper;
    }

    /** Another number when steps were taken, or operators have gone on to other records within one; any thread. */
    long progress()
    {
        long progress = steps.getAcquire();
        for (final ChainNode node : chain.nodes())
        {
            progress = progress * 31 + node.operator.currentSlot();
        }
        return progress;
    }

    private int step()
    {
        int work = drain();
        if (drained() && drainOutside())
        {
            work += chain.walking() ? walk() : poll();
        }
        for (final RingWriter writer : writers)
        {
            writer.publish();
        }
        final boolean clean = drainOutside() && !chain.walking() && drained();
        if (place != null)
        {
            place.published(pendingCause());
            input.release();
        }
        else if (clean)
        {
            input.release();
        }
        // Read before the completed checkpoint is: the last one never settles here without being told to the operators.
        final boolean settled = snapshot.settled();
        work += snapshot.step(chain, input, work);
        if (clean && input.ended() && settled)
        {
            stopped = true;
            snapshot.ended();
        }
        return work;
    }

    /** Lowest cause of what is processed and not on its rings. */
    private long pendingCause()
    {
        long pending = chain.walking() ? SlotDescriptor.cause(chain.control()) : TaskPlace.NOTHING;
        for (final RingWriter writer : writers)
        {
            pending = writer.drained() ? pending : Math.min(pending, writer.firstOverflowCause());
        }
        return pending;
    }

    private int poll()
    {
        final int room = room();
        if (room == 0)
        {
            return 0;
        }
        final int work = input.poll(room);
        if (work == 0)
        {
            if (!idle)
            {
                idle = true;
                chain.idle();
            }
            return 0;
        }
        idle = false;
        return chain.walking() ? work + walk() : work;
    }

    private int walk()
    {
        final boolean barrier = chain.controlKind() == SlotDescriptor.KIND_BARRIER;
        if (barrier && snapshot.sweeping())
        {
            // The checkpoint waits for the snapshot before it.
            return 0;
        }
        final long begunNanos = barrier ? System.nanoTime() : 0;
        if (!chain.walk())
        {
            return 1;
        }
        if (barrier)
        {
            snapshot.barrier(chain, input, begunNanos);
        }
        for (final RingWriter writer : writers)
        {
            writer.copy(chain.control());
        }
        input.walked();
        return 1;
    }

    private int room()
    {
        int room = Integer.MAX_VALUE;
        for (final RingWriter writer : writers)
        {
            room = Math.min(room, writer.room());
        }
        for (final DrainingOperator operator : draining)
        {
            room = Math.min(room, operator.room());
        }
        return room;
    }

    private int drain()
    {
        int work = 0;
        for (final RingWriter writer : writers)
        {
            work += writer.drain();
        }
        return work;
    }

    private boolean drainOutside()
    {
        boolean drained = true;
        for (final DrainingOperator operator : draining)
        {
            drained &= operator.drain();
        }
        return drained;
    }

    private boolean drained()
    {
        for (final RingWriter writer : writers)
        {
            if (!writer.drained())
            {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close()
    {
        final OrderlyClose closing = new OrderlyClose();
        closing.close("chain of task " + name, chain);
        closing.close("input of task " + name, input);
        closing.close("snapshot of task " + name, snapshot);
        for (final RingWriter writer : writers)
        {
            closing.close("ring writer of task " + name, writer);
        }
        regions.forEach(region -> closing.close(region.owner(), region));
        closing.rethrow();
    }
}
