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
package io.millrace.operators.pattern;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchOperator;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.transform.RecordCollector;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.ResultCollector;
import io.millrace.operators.transform.RecordWriter;

/**
 * Looks for a pattern in the records of each key (SEMANTICS CEP-1 to CEP-24). Records wait until a watermark has passed
 * them, and are then offered to the partial matches of their key in the order of their timestamps, those of one time as
 * they came or as a comparator says.
 * <p>
 * One order holds for all keys: what a watermark makes due is done by time, be it a record or a timeout; of one time key
 * by key in canonical order (key group, hash, bytes), and for a key timeouts first, since a match is shorter than its
 * limit. Matches that one record completes go by the record that they started with, of several the longest first. So a
 * replay, a restore and any backend give the same. Where the output is full the watermark stops behind a match, and goes
 * on there when called again.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes the results
 * @param <X> flyweight that writes what is made of partial matches that time out
 */
public final class PatternOperator<V, W extends Flyweight, X extends Flyweight> extends RecordOperator<V>
    implements SkippingOperator, BatchOperator
{
    /** How the tables are laid out, see {@link BlockDescriptor}. */
    private static final String LAYOUT = "blocks-1";

    private final PatternSettings<V> settings;
    private final RecordType<V, ?> inputType;
    private final OperatorFactory<KeyEncoder> encoders;
    private final RecordType<?, W> outputType;
    private final FlatSelectFunction<V, W> select;
    private final TimedOutSelection<V, X> timedOut;
    private final RecordWriter<X> timedOutWriter;
    private final String lateTag;

    private KeyEncoder encoder;
    private PatternProcessor<V> processor;
    private ResultCollector<W> results;
    /** Null without an error policy. */
    private FiringGuard guard;
    private Output timedOutOutput;
    private Output late;
    private Counter dropped;
    private Region keys;
    private final long[] hashes = new long[BatchProcessor.MAX_BATCH];
    private final long[] kept = new long[BatchProcessor.MAX_BATCH];
    private boolean encoding;
    /** The slot of the record that is being added, for messages; else 0. */
    private long adding;
    private boolean advancing;
    /** The slot that causes what is being sent, for messages; else 0. */
    private long sending;
    private long watermark = Long.MIN_VALUE;

    /**
     * An operator.
     *
     * @param inputType  of the records, of fixed length
     * @param outputType of the results
     * @param encoders   give the key
     * @param select     makes the results of a match
     * @param settings   the pattern, and how it is looked for
     */
    @SuppressWarnings("unchecked")
    public PatternOperator(
        final RecordType<V, ?> inputType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final FlatSelectFunction<V, W> select,
        final PatternSettings<V> settings)
    {
        super(inputType);
        this.inputType = inputType;
        this.encoders = encoders;
        this.select = select;
        this.settings = settings;
        this.outputType = outputType;
        this.timedOut = (TimedOutSelection<V, X>)settings.timedOut();
        this.timedOutWriter = timedOut == null ? null : new RecordWriter<>(timedOut.tag().type());
        this.lateTag = settings.lateTag();
    }

    @Override
    @SuppressWarnings("unchecked")
    public void open(final OperatorContext context)
    {
        super.open(context);
        guard = context.firingGuard();
        results = IsolatedLoader.newInstance(
            context.name(), ResultCollector.class, RecordCollector.class, context, outputType);
        late = lateTag.isEmpty() ? null : context.sideOutput(lateTag);
        timedOutOutput = timedOut == null ? null : context.sideOutput(timedOut.tag().name());
        dropped = context.counter("lateRecordsDropped");
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        keys = Region.allocate(context.account(), context.name() + " keys", (long)encoder.keyLength() * hashes.length);
        processor = new PatternProcessor<>(settings, inputType, encoder.keyLength(), context);
    }

    @Override
    public void start()
    {
        processor.start();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        boolean goOn = true;
        int wanted = 0;
        for (int i = 0; i < count; i++)
        {
            final long slot = slots[i];
            final long time = SlotDescriptor.timestamp(slot);
            if (time <= watermark)
            {
                goOn &= late(slot);
            }
            else if (time == PatternState.NEVER)
            {
                adding = slot;
                throw PatternProcessor.atTheEndOfTime();
            }
            else if (!processor.isFiltering() || isWanted(slot))
            {
                kept[wanted++] = slot;
            }
        }
        encode(wanted);
        final long first = keys.address();
        final int keyLength = encoder.keyLength();
        if (wanted > 0)
        {
            adding = kept[0];
            processor.begin(first, wanted);
        }
        for (int i = 0; i < wanted; i++)
        {
            adding = kept[i];
            processor.add(i, adding, hashes[i], first + (long)i * keyLength);
        }
        adding = 0;
        return goOn;
    }

    private boolean late(final long slot)
    {
        if (late == null)
        {
            dropped.increment();
            return true;
        }
        return late.forward(slot);
    }

    private boolean isWanted(final long slot)
    {
        final boolean wanted = processor.wants(view(slot));
        if (DebugMode.ENABLED)
        {
            releaseView();
        }
        return wanted;
    }

    private void encode(final int count)
    {
        final KeyEncoder encoder = this.encoder;
        final int keyLength = encoder.keyLength();
        long key = keys.address();
        encoding = true;
        for (int i = 0; i < count; i++)
        {
            encoder.encode(kept[i], key);
            hashes[i] = KeyHash.hash(key, keyLength);
            key += keyLength;
        }
        encoding = false;
    }

    @Override
    public boolean watermark(final long slot)
    {
        final long now = SlotDescriptor.timestamp(slot);
        advancing = true;
        int left = MAX_FIRINGS;
        do
        {
            while (processor.hasMatch())
            {
                left--;
                if (!send(slot) || left <= 0)
                {
                    return false;
                }
            }
            left--;
        }
        while (left > 0 && processor.step(now));
        if (left <= 0)
        {
            return false;
        }
        advancing = false;
        watermark = now;
        return true;
    }

    private boolean send(final long cause)
    {
        sending = cause;
        final boolean goOn = guard == null ? select(cause) : tryToSelect(cause);
        sending = 0;
        processor.sent();
        return goOn;
    }

    private boolean tryToSelect(final long cause)
    {
        guard.begin();
        do
        {
            try
            {
                return select(cause);
            }
            catch (final Throwable thrown)
            {
                if (!guard.takes(thrown, cause, currentRecord()))
                {
                    throw thrown;
                }
            }
        }
        while (guard.again());
        return guard.goOn();
    }

    private boolean select(final long cause)
    {
        boolean goOn = true;
        if (!processor.isTimedOut())
        {
            results.begin(cause, processor.timestamp());
            select.flatSelect(processor.match(), results);
            goOn = results.goOn();
        }
        else if (timedOutOutput != null)
        {
            final X out =
                timedOutWriter.begin(timedOutOutput.claim(), cause, timedOutWriter.flyweight().blockLength());
            SlotDescriptor.timestamp(timedOutWriter.slot(), processor.timestamp());
            timedOut.function().select(processor.match(), out);
            timedOutWriter.end(name());
            goOn = timedOutOutput.commit();
        }
        return goOn;
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(watermark);
        blob.putText(LAYOUT);
        blob.putText(settings.pattern().fingerprint());
    }

    @Override
    public void restore(final BlobReader blob)
    {
        watermark = blob.getLong();
        final String layout = blob.getText();
        if (!layout.equals(LAYOUT))
        {
            throw new IllegalStateException("operator " + name() + " keeps layout=" + LAYOUT + ", the checkpoint has " +
                "layout=" + layout + " of another version: restore it there, or give the operator another uid");
        }
        final String before = blob.getText();
        final String now = settings.pattern().fingerprint();
        if (!before.equals(now))
        {
            throw new IllegalStateException("operator " + name() + " looks for pattern=(" + now +
                "), the checkpoint has partial matches of pattern=(" + before +
                "): give it the pattern from before, or another uid");
        }
    }

    @Override
    public void recordFailed(final boolean again)
    {
        encoding = false;
        adding = 0;
    }

    @Override
    public long currentSlot()
    {
        if (sending != 0)
        {
            return sending;
        }
        if (adding != 0)
        {
            return adding;
        }
        if (encoding)
        {
            return encoder.currentSlot();
        }
        return advancing ? processor.currentSlot() : super.currentSlot();
    }

    @Override
    public String currentRecord()
    {
        return sending == 0 ? super.currentRecord() : processor.currentMatch();
    }

    @Override
    public void close()
    {
        if (results != null)
        {
            results.close();
        }
        if (processor != null)
        {
            processor.close();
        }
        if (keys != null)
        {
            keys.close();
        }
    }
}
