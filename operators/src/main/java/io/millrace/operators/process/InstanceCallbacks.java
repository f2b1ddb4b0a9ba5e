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
package io.millrace.operators.process;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.operators.state.OperatorStates;
import io.millrace.operators.state.StateStore;

import java.util.List;

/**
 * What surrounds the callbacks of a function outside a key: the states of its instance, and time. The operator calls
 *
 * <pre>
 *   open(function)  restore(blob), readUnion(parts) where there is a snapshot  start(function)
 *   enter(timestamp) or enterBroadcast(timestamp)  function.process...(...)  leave()
 * </pre>
 *
 * The task's thread.
 */
public final class InstanceCallbacks implements ProcessContext, AutoCloseable
{
    private final OperatorStates states;
    private long watermark = Long.MIN_VALUE;
    private long timestamp;
    private boolean restored;

    /**
     * No states yet.
     *
     * @param context   of the operator
     * @param keyed     where states by key are declared; null where there are no keys
     * @param broadcast whether the operator has an input that every instance gets all of
     */
    public InstanceCallbacks(final OperatorContext context, final StateStore keyed, final boolean broadcast)
    {
        states = new OperatorStates(context, keyed, broadcast);
    }

    /**
     * Has the function declare its states.
     *
     * @param function of the instance
     */
    public void open(final InstanceFunction function)
    {
        function.open(states);
        states.opened();
    }

    /**
     * Tells the function that its states are restored.
     *
     * @param function of the instance
     */
    public void start(final InstanceFunction function)
    {
        states.start();
        function.start(restored);
        states.leave();
    }

    /**
     * Tells the function of a barrier.
     *
     * @param function     of the instance
     * @param checkpointId of the barrier
     */
    public void prepareSnapshot(final InstanceFunction function, final long checkpointId)
    {
        function.prepareSnapshot(checkpointId);
        states.leave();
    }

    /**
     * Begins a callback.
     *
     * @param newTime event time of its record
     */
    public void enter(final long newTime)
    {
        timestamp = newTime;
    }

    /**
     * Begins a callback for a record of the broadcast side.
     *
     * @param newTime event time of its record
     */
    public void enterBroadcast(final long newTime)
    {
        timestamp = newTime;
        states.enterBroadcast();
    }

    /** Ends a callback. */
    public void leave()
    {
        states.leave();
    }

    /**
     * Moves event time on.
     *
     * @param now the watermark
     */
    public void advance(final long now)
    {
        watermark = now;
    }

    /**
     * Writes what is in no table.
     *
     * @param blob to write to
     */
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(watermark);
    }

    /**
     * Reads what {@link #snapshot} wrote.
     *
     * @param blob to read from
     */
    public void restore(final BlobReader blob)
    {
        watermark = blob.getLong();
        restored = true;
    }

    /**
     * Puts together what the instances of before wrote.
     *
     * @param parts to read from, in the order of the instances
     */
    public void restoreRescaled(final List<BlobReader> parts)
    {
        watermark = BlobReader.leastLong(parts);
        restored = true;
    }

    /**
     * Writes what every instance is to be given.
     *
     * @param blob to write to
     */
    public void writeUnion(final BlobWriter blob)
    {
        states.writeUnion(blob);
    }

    /**
     * Reads what all instances wrote.
     *
     * @param parts in the order of the instances
     */
    public void readUnion(final List<BlobReader> parts)
    {
        states.readUnion(parts);
    }

    @Override
    public long timestamp()
    {
        return timestamp;
    }

    @Override
    public long currentWatermark()
    {
        return watermark;
    }

    @Override
    public void close()
    {
        states.close();
    }
}
