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

import io.millrace.core.chain.BufferedOutput;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.DrainingOperator;
import io.millrace.core.operator.EventTimeOperator;
import io.millrace.memory.KillPoint;
import io.millrace.memory.Memory;
import io.millrace.memory.record.SlotDescriptor;

import java.util.Arrays;

/**
 * The operators of one task, head first. Records run through by themselves; control goes from operator to operator by a
 * walk that stops where the outputs are full, and goes on from there.
 */
final class Chain implements AutoCloseable
{
    private final ChainNode[] nodes;
    private final BufferedOutput[][] nodeBuffers;
    private final BufferedOutput[] headBuffers;
    private final BufferedOutput[] buffers;
    private final TaskSnapshot snapshot;
    private final long control;
    private long time = Long.MIN_VALUE;
    /** The head, when it gives its records event time anew; else null. */
    private final EventTimeOperator eventTime;
    private final WatermarkBoard watermarks = new WatermarkBoard();
    private int position;
    private boolean walking;

    /**
     * A chain.
     *
     * @param nodes       in the order of the records' way
     * @param headBuffers edges out of the source, when the chain has one, that hold records back
     * @param buffers     all edges that hold records back, in the order of the records' way
     * @param snapshot    of the task
     * @param control     address of a slot for the control record that is walking
     */
    Chain(
        final ChainNode[] nodes,
        final BufferedOutput[] headBuffers,
        final BufferedOutput[] buffers,
        final TaskSnapshot snapshot,
        final long control)
    {
        this.nodes = nodes;
        this.nodeBuffers = Arrays.stream(nodes).map(node -> node.buffered.toArray(BufferedOutput[]::new))
            .toArray(BufferedOutput[][]::new);
        this.headBuffers = headBuffers;
        this.buffers = buffers;
        this.snapshot = snapshot;
        this.control = control;
        this.eventTime = nodes.length > 0 && nodes[0].operator instanceof EventTimeOperator head ? head : null;
    }

    /** Where the task shows how far its event time has got. */
    WatermarkBoard watermarks()
    {
        return watermarks;
    }

    /** Whether the head gives its records event time anew. */
    boolean assignsEventTime()
    {
        return eventTime != null;
    }

    ChainNode[] nodes()
    {
        return nodes;
    }

    /** The operators that hand records to something outside that may be full; most chains have none. */
    DrainingOperator[] draining()
    {
        return Arrays.stream(nodes).map(node -> node.operator).filter(DrainingOperator.class::isInstance)
            .toArray(DrainingOperator[]::new);
    }

    /** Once, when every operator has what there is to restore. */
    void start()
    {
        for (final ChainNode node : nodes)
        {
            node.operator.start();
        }
    }

    /** Processing time of the task: the latest tick, or {@link Long#MIN_VALUE}. */
    long time()
    {
        return time;
    }

    /** Goes on from a snapshot. */
    void restoreTime(final long restored)
    {
        time = restored;
        for (final ChainNode node : nodes)
        {
            node.context.time(restored);
        }
    }

    /**
     * Runs a batch through the chain, from one of the head's inputs on.
     *
     * @return number of records that were taken: all, unless the head makes watermarks and one goes behind the last
     */
    int processBatch(final BatchProcessor head, final long[] slots, final int count)
    {
        if (eventTime != null)
        {
            return takeBatch(slots, count);
        }
        head.processBatch(slots, count);
        flush();
        return count;
    }

    private int takeBatch(final long[] slots, final int count)
    {
        final int taken = eventTime.takeBatch(slots, count);
        flush();
        if (eventTime.watermarkDue())
        {
            final long last = slots[taken - 1];
            begin(SlotDescriptor.KIND_WATERMARK, eventTime.takeWatermark(), SlotDescriptor.cause(last),
                SlotDescriptor.ingressTime(last));
            // The head made it.
            position = 1;
        }
        return taken;
    }

    void flush()
    {
        for (final BufferedOutput buffer : buffers)
        {
            buffer.flush();
        }
    }

    boolean walking()
    {
        return walking;
    }

    byte controlKind()
    {
        return SlotDescriptor.kind(control);
    }

    long controlValue()
    {
        return SlotDescriptor.timestamp(control);
    }

    long control()
    {
        return control;
    }

    /**
     * Begins a walk; {@link #walk()} takes it on. Not for watermarks and idleness that stop at the head, since it makes
     * its own.
     */
    void beginWalk(final byte kind, final long value, final long cause, final long ingressTime)
    {
        if (eventTime == null || !stopsAtHead(kind, value))
        {
            begin(kind, value, cause, ingressTime);
        }
    }

    private static boolean stopsAtHead(final byte kind, final long value)
    {
        return kind == SlotDescriptor.KIND_WATERMARK ? value != Long.MAX_VALUE :
            kind == SlotDescriptor.KIND_IDLE || kind == SlotDescriptor.KIND_ACTIVE;
    }

    private void begin(final byte kind, final long value, final long cause, final long ingressTime)
    {
        if (kind == SlotDescriptor.KIND_WATERMARK)
        {
            watermarks.arriving(value);
        }
        SlotDescriptor.kindAndLength(control, kind, 0);
        Memory.putLong(control + SlotDescriptor.TIMESTAMP_OFFSET, value);
        SlotDescriptor.cause(control, cause);
        SlotDescriptor.ingressTime(control, ingressTime);
        for (final BufferedOutput buffer : headBuffers)
        {
            buffer.flush();
        }
        position = 0;
        walking = true;
        if (kind == SlotDescriptor.KIND_TICK)
        {
            time = value;
        }
    }

    /**
     * Takes the walk on.
     *
     * @return true when every operator has seen the control record; false to call again once there is room
     */
    boolean walk()
    {
        while (position < nodes.length)
        {
            final ChainNode node = nodes[position];
            final boolean done = step(node);
            for (final BufferedOutput buffer : nodeBuffers[position])
            {
                buffer.flush();
            }
            if (!done)
            {
                return false;
            }
            if (controlKind() == SlotDescriptor.KIND_BARRIER)
            {
                snapshot.node(node, controlValue(), SlotDescriptor.cause(control));
            }
            position++;
        }
        walking = false;
        if (controlKind() == SlotDescriptor.KIND_WATERMARK)
        {
            watermarks.taken(controlValue());
        }
        return true;
    }

    private boolean step(final ChainNode node)
    {
        return switch (controlKind())
        {
            case SlotDescriptor.KIND_WATERMARK -> node.operator.watermark(control);
            case SlotDescriptor.KIND_END_OF_STREAM -> node.operator.finish(control);
            case SlotDescriptor.KIND_BARRIER ->
            {
                KillPoint.hit("before pre-commit");
                node.operator.prepareSnapshot(controlValue());
                KillPoint.hit("after pre-commit");
                yield true;
            }
            case SlotDescriptor.KIND_TICK ->
            {
                node.context.time(controlValue());
                yield node.operator.processingTime(control);
            }
            default -> true;
        };
    }

    void idle()
    {
        for (int i = 0; i < nodes.length; i++)
        {
            nodes[i].operator.idle();
            for (final BufferedOutput buffer : nodeBuffers[i])
            {
                buffer.flush();
            }
        }
    }

    void checkpointComplete(final long checkpointId)
    {
        for (final ChainNode node : nodes)
        {
            KillPoint.hit("before commit");
            node.operator.checkpointComplete(checkpointId);
            KillPoint.hit("after commit");
        }
    }

    @Override
    public void close()
    {
        final OrderlyClose closing = new OrderlyClose();
        for (final ChainNode node : nodes)
        {
            node.close(closing);
        }
        closing.rethrow();
    }
}
