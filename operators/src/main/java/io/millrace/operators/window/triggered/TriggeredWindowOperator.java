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
package io.millrace.operators.window.triggered;

import java.util.List;
import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.time.ProcessingClock;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordCollector;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.ResultCollector;
import io.millrace.operators.trigger.Trigger;
import io.millrace.operators.trigger.TriggerResult;

/**
 * Windows with any trigger (SEMANTICS WIN-2 to WIN-7 and WIN-12 to WIN-16). A record goes to its windows from the
 * earliest on, and each asks its trigger at once. A watermark or a tick calls triggers, and cleans windows up, in the order of the
 * timers' times, then the canonical order of keys, then the starts of windows; where an output is full, or after
 * {@link #MAX_FIRINGS} of them, it stops, and goes on there when called again.
 *
 * @param <K> view of the key
 * @param <V> read-only view of the input
 * @param <W> flyweight that writes the results
 */
public final class TriggeredWindowOperator<K, V, W extends Flyweight> extends RecordOperator<V>
    implements SkippingOperator, RescalableOperator
{
    private static final int ELEMENT = 0;
    private static final int EVENT_TIME = 1;
    private static final int PROCESSING_TIME = 2;
    private static final int MERGE = 3;
    private static final int CLEAR = 4;

    private final RecordType<?, W> outputType;
    private final OperatorFactory<KeyEncoder> encoders;
    private final OperatorFactory<KeyView<K>> keyViews;
    private final OperatorFactory<WindowContents<K, V, W>> allContents;
    private final WindowAssigner assigner;
    private final Trigger<? super V> trigger;
    private final long lateness;
    private final String lateTag;
    private final long[] starts;

    private KeyEncoder encoder;
    private KeyView<K> keyView;
    private WindowContents<K, V, W> contents;
    private WindowCallbacks callbacks;
    private ResultCollector<W> results;
    /** Null without an error policy. */
    private FiringGuard guard;
    private Output late;
    private Counter dropped;
    private Counter inNoWindow;
    private Counter neverFired;
    private final SessionMerging merging = new Merging();
    private Region resultSlot;
    /** Null with windows of event time. */
    private ProcessingClock clock;
    private boolean goOn;
    /** The slot of the record that came last. */
    private long arrived;
    /** The watermark whose timer is being worked on, for messages; else 0. */
    private long firingSlot;

    /**
     * An operator.
     *
     * @param inputType  of the records
     * @param outputType of the results
     * @param encoders   give the key
     * @param keyViews   show it
     * @param windows    which there are, when they fire and how long they stay
     * @param contents   keep what is needed of the elements, and make the results
     */
    public TriggeredWindowOperator(
        final RecordType<V, ?> inputType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final OperatorFactory<KeyView<K>> keyViews,
        final TriggeredWindow<V> windows,
        final OperatorFactory<WindowContents<K, V, W>> contents)
    {
        super(inputType);
        this.outputType = outputType;
        this.encoders = encoders;
        this.keyViews = keyViews;
        this.allContents = contents;
        this.assigner = windows.assigner();
        this.trigger = windows.trigger();
        this.lateness = windows.lateness();
        this.lateTag = windows.lateTag();
        this.starts = new long[assigner.maxWindows()];
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context)
    {
        super.open(context);
        clock = assigner.usesProcessingTime() ? context.processingClock() : null;
        late = lateTag.isEmpty() ? null : context.sideOutput(lateTag);
        dropped = context.counter("lateRecordsDropped");
        inNoWindow = context.counter("recordsInNoWindow");
        neverFired = context.counter("elementsNeverFired");
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        keyView = IsolatedLoader.newInstance("key view", KeyView.class, keyViews);
        contents = IsolatedLoader.newInstance(context.name(), WindowContents.class, allContents);
        callbacks = new WindowCallbacks(context, assigner, lateness, encoder.keyLength(), trigger.stateLength(),
            contents.entryLength(), trigger.usesProcessingTime());
        contents.open(context, callbacks);
        guard = context.firingGuard();
        results = IsolatedLoader.newInstance(
            context.name(), ResultCollector.class, RecordCollector.class, context, outputType);
        resultSlot = Region.allocate(context.account(), context.name() + " result", SlotDescriptor.HEADER_LENGTH);
    }

    @Override
    public void start()
    {
        callbacks.start();
    }

    @Override
    public boolean process(final long slot)
    {
        final V element = view(slot);
        final long timestamp = SlotDescriptor.timestamp(slot);
        encoder.encode(slot, callbacks.key());
        arrived = slot;
        goOn = true;
        boolean taken = false;
        final int count = assigner.assign(clock == null ? timestamp : clock.time(), starts);
        for (int i = 0; i < count; i++)
        {
            if (enter(starts[i]))
            {
                taken = true;
                contents.add(element, slot);
                apply(ask(ELEMENT, element, timestamp, slot), slot);
                callbacks.leave();
            }
        }
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        if (!taken)
        {
            missed(slot, timestamp);
        }
        return goOn;
    }

    /** Begins the callback of an element; false when it is too late for the window. */
    private boolean enter(final long start)
    {
        if (assigner.merges())
        {
            return callbacks.enterSession(start, merging);
        }
        if (callbacks.isLate(start))
        {
            return false;
        }
        callbacks.enterElement(start);
        return true;
    }

    private void missed(final long slot, final long timestamp)
    {
        if (!callbacks.isTooLate(timestamp))
        {
            inNoWindow.increment();
        }
        else if (late == null)
        {
            dropped.increment();
        }
        else
        {
            goOn &= late.forward(slot);
        }
    }

    /** Asks the trigger what to do; one that fails says to go on, where there is an error policy. */
    private TriggerResult ask(final int what, final V element, final long time, final long slot)
    {
        if (guard == null)
        {
            return call(what, element, time);
        }
        guard.begin();
        do
        {
            try
            {
                return call(what, element, time);
            }
            catch (final Throwable thrown)
            {
                if (!guard.takes(thrown, slot, "trigger=" + trigger + " of window " + callbacks.window() + " key=" +
                    keyView.at(callbacks.key())))
                {
                    throw thrown;
                }
            }
        }
        while (guard.again());
        goOn &= guard.goOn();
        return TriggerResult.CONTINUE;
    }

    private TriggerResult call(final int what, final V element, final long time)
    {
        switch (what)
        {
            case ELEMENT ->
            {
                return trigger.onElement(element, time, callbacks.window(), callbacks);
            }
            case EVENT_TIME ->
            {
                return trigger.onEventTime(time, callbacks.window(), callbacks);
            }
            case PROCESSING_TIME ->
            {
                return trigger.onProcessingTime(time, callbacks.window(), callbacks);
            }
            case MERGE -> trigger.onMerge(callbacks.window(), callbacks);
            default -> trigger.clear(callbacks.window(), callbacks);
        }
        return TriggerResult.CONTINUE;
    }

    /** Does to the window of the callback what its trigger has said. */
    private void apply(final TriggerResult result, final long cause)
    {
        if (result == null)
        {
            throw new IllegalStateException("trigger=" + trigger + " says null for key=" + keyView.at(callbacks.key()) +
                " window " + callbacks.window() + ": return CONTINUE to do nothing");
        }
        if (result.isFire() && callbacks.count() != 0)
        {
            fire(cause);
            callbacks.unfired(0);
        }
        if (result.isPurge())
        {
            purge();
        }
    }

    private void purge()
    {
        neverFired.add(callbacks.unfired());
        callbacks.unfired(0);
        contents.purge();
    }

    private void fire(final long cause)
    {
        final long slot = resultSlot.address();
        SlotDescriptor.inherit(cause, slot);
        SlotDescriptor.timestamp(slot, callbacks.window().maxTimestamp());
        results.begin(slot);
        goOn &= contents.fire(keyView.at(callbacks.key()), slot, results);
        goOn &= results.goOn();
    }

    @Override
    public boolean watermark(final long slot)
    {
        callbacks.advance(SlotDescriptor.timestamp(slot));
        goOn = true;
        int firings = 0;
        while (callbacks.nextTimer())
        {
            firingSlot = slot;
            finish(ask(EVENT_TIME, null, callbacks.timerTime(), slot), slot);
            firings++;
            if (!goOn || firings == MAX_FIRINGS)
            {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean processingTime(final long slot)
    {
        goOn = true;
        int firings = 0;
        while (callbacks.nextProcessingTimer())
        {
            firingSlot = slot;
            finish(ask(PROCESSING_TIME, null, callbacks.timerTime(), slot), slot);
            firings++;
            if (!goOn || firings == MAX_FIRINGS)
            {
                return false;
            }
        }
        callbacks.asleep();
        return true;
    }

    /** Ends the callback of a timer as its trigger has said. */
    private void finish(final TriggerResult result, final long slot)
    {
        apply(result, slot);
        if (callbacks.isCleanup())
        {
            cleanUp();
        }
        else
        {
            callbacks.leave();
        }
        firingSlot = 0;
    }

    private void cleanUp()
    {
        purge();
        ask(CLEAR, null, 0, firingSlot);
        contents.clear(keyView.at(callbacks.key()));
        callbacks.removeSession();
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        callbacks.snapshot(blob);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        callbacks.restore(blob);
    }

    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
        callbacks.restoreRescaled(parts);
    }

    @Override
    public void recordFailed(final boolean again)
    {
        callbacks.leave();
    }

    @Override
    public long currentSlot()
    {
        return firingSlot != 0 ? firingSlot : super.currentSlot();
    }

    @Override
    public String currentRecord()
    {
        return firingSlot == 0 ? super.currentRecord() : "timer=" + callbacks.timerTime() + " key=" +
            keyView.at(callbacks.key()) + " window " + callbacks.window();
    }

    @Override
    public void close()
    {
        if (callbacks != null)
        {
            callbacks.close();
        }
        if (contents != null)
        {
            contents.close();
        }
        if (results != null)
        {
            results.close();
            resultSlot.close();
        }
    }

    /** Has sessions merge in trigger and contents. */
    private final class Merging implements SessionMerging
    {
        @Override
        public void clear()
        {
            ask(CLEAR, null, 0, arrived);
        }

        @Override
        public void takeFrom(final long other, final long first, final long end)
        {
            contents.takeFrom(other, first, end);
        }

        @Override
        public void merge()
        {
            ask(MERGE, null, 0, arrived);
        }
    }
}
