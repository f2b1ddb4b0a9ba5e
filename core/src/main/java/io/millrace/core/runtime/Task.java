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
import io.millrace.memory.Region;
import io.millrace.memory.record.SlotDescriptor;
import org.agrona.concurrent.Agent;

import java.util.List;
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
    private final Consumer<Throwable> failed;
    private boolean idle = true;
    private boolean outsideDrained;
    private volatile boolean stopped;

    Task(
        final String name,
        final int subtask,
        final String sourceUid,
        final Chain chain,
        final TaskInput input,
        final RingWriter[] writers,
        final TaskSnapshot snapshot,
        final List<Region> regions,
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
        try
        {
            return step();
        }
        catch (final Throwable throwable)
        {
            failed.accept(throwable);
            stopped = true;
            return 0;
        }
    }

    private int step()
    {
        int work = 0;
        if (drain())
        {
            if (chain.walking())
            {
                work = 1 + walk();
            }
            else
            {
                work = poll();
            }
        }
        for (final RingWriter writer : writers)
        {
            writer.publish();
        }
        outsideDrained = drainOutside();
        // Read before the completed checkpoint is: the last one is not settled without the operators being told of it.
        final boolean settled = snapshot.settled();
        if (!chain.walking() && drained())
        {
            input.release();
        }
        work += snapshot.step(chain, input, work);
        if (input.ended() && !chain.walking() && drained() && settled)
        {
            stopped = true;
            snapshot.ended();
        }
        return work;
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
        if (!chain.walk())
        {
            return 0;
        }
        if (chain.controlKind() == SlotDescriptor.KIND_BARRIER)
        {
            snapshot.barrier(input, chain.controlValue());
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

    private boolean drain()
    {
        boolean drained = true;
        for (final RingWriter writer : writers)
        {
            drained &= writer.drain();
        }
        return drained & drainOutside();
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
        return outsideDrained;
    }

    @Override
    public void close()
    {
        chain.close();
        input.close();
        snapshot.close();
        for (final RingWriter writer : writers)
        {
            writer.close();
        }
        regions.forEach(Region::close);
    }
}
