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
package io.millrace.operators.join;

import java.util.List;
import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.BatchProcessor;
import io.millrace.core.operator.FiringGuard;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.MultipleInputOperator;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.RescalableOperator;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.operators.function.JoinFunction;
import io.millrace.operators.process.Timers;
import io.millrace.operators.transform.RecordWriter;

/**
 * Joins each record of the first stream with the version of its key, from the second stream, that was in force at the
 * record's time: the latest whose time is at or before it. A record waits until the watermark has passed its time, so that
 * the result does not depend on which stream was faster. Results come in the order of the records' time; those of one
 * time by key, in the order in which the first of each key arrived; those of one key in the order of arrival.
 * <p>
 * A record at or behind the watermark is late. A version that is late is in force from the watermark on, unless a later
 * one is already.
 *
 * @param <V> read-only view of the records
 * @param <U> read-only view of the versions
 * @param <W> flyweight that writes the results
 */
public final class AsOfJoinOperator<V, U, W extends Flyweight>
    implements MultipleInputOperator, SkippingOperator, RescalableOperator
{
    private final RecordType<V, ?> recordType;
    private final RecordType<U, ?> versionType;
    private final OperatorFactory<KeyEncoder> recordEncoders;
    private final OperatorFactory<KeyEncoder> versionEncoders;
    private final JoinFunction<? super V, ? super U, ? super W> function;
    private final RecordWriter<W> writer;
    private final String lateTag;
    private final long cleaning;

    private KeyEncoder recordEncoder;
    private KeyEncoder versionEncoder;
    private JoinedView<V> recordView;
    private JoinedView<U> versionView;
    private Timers timers;
    private Versions versions;
    private WaitingRecords waiting;
    private Region keyRegion;
    private Output output;
    /** Null without an error policy. */
    private FiringGuard guard;
    private Output late;
    private Counter dropped;
    private String name;
    private long key;
    private long watermark = Long.MIN_VALUE;
    /** Time of the records that are being joined, and their version, or 0. */
    private long dueTime;
    private long dueVersion;
    /** The slot of the record or version that has arrived, or of the watermark, for messages; else 0. */
    private long cause;
    private boolean arrivedRecord;
    private boolean joining;
    /** Results that this call of watermark may still make. */
    private int firings;

    /**
     * An operator.
     *
     * @param recordType      of the records, of fixed length
     * @param versionType     of the versions, of fixed length
     * @param outputType      of the results
     * @param recordEncoders  give the key of a record
     * @param versionEncoders give the key of a version
     * @param function        makes a result of a record and its version, or null
     * @param lateTag         of the side output for records that are too late; empty to drop and count them
     * @param cleaning        event time from one look for versions that are out of force to the next
     */
    public AsOfJoinOperator(
        final RecordType<V, ?> recordType,
        final RecordType<U, ?> versionType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> recordEncoders,
        final OperatorFactory<KeyEncoder> versionEncoders,
        final JoinFunction<? super V, ? super U, ? super W> function,
        final String lateTag,
        final long cleaning)
    {
        this.recordType = recordType;
        this.versionType = versionType;
        this.recordEncoders = recordEncoders;
        this.versionEncoders = versionEncoders;
        this.function = function;
        this.writer = new RecordWriter<>(outputType);
        this.lateTag = lateTag;
        this.cleaning = cleaning;
    }

    @Override
    public void open(final OperatorContext context)
    {
        name = context.name();
        recordEncoder = IsolatedLoader.newInstance(name, KeyEncoder.class, recordEncoders);
        versionEncoder = IsolatedLoader.newInstance(name, KeyEncoder.class, versionEncoders);
        recordView = new JoinedView<>(recordType, name);
        versionView = new JoinedView<>(versionType, name);
        final int keyLength = recordEncoder.keyLength();
        keyRegion = Region.allocate(context.account(), name + " key", keyLength);
        key = keyRegion.address();
        timers = new Timers(context, keyLength);
        versions = new Versions(context, keyLength, versionType, cleaning);
        waiting = new WaitingRecords(context, keyLength, recordType);
        output = context.output();
        guard = context.firingGuard();
        late = lateTag.isEmpty() ? null : context.sideOutput(lateTag);
        dropped = context.counter("lateRecordsDropped");
    }

    @Override
    public BatchProcessor input(final int index)
    {
        return index == 0 ? new RecordInput() : new VersionInput();
    }

    @Override
    public void start()
    {
        timers.start();
    }

    private boolean addRecord(final long slot)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        if (timestamp <= watermark)
        {
            return tooLate(slot);
        }
        recordEncoder.encode(slot, key);
        waiting.add(key, slot);
        timers.register(key, timestamp);
        return true;
    }

    private boolean tooLate(final long slot)
    {
        if (late == null)
        {
            dropped.increment();
            return true;
        }
        return late.forward(slot);
    }

    private static void checkTime(final long slot)
    {
        if (SlotDescriptor.timestamp(slot) == Long.MIN_VALUE)
        {
            throw new IllegalArgumentException("timestamp=" + Long.MIN_VALUE + " is that of a record without event time, " +
                "which an as-of join needs: give the source a strategy with timestamps");
        }
    }

    @Override
    public boolean watermark(final long slot)
    {
        final long now = SlotDescriptor.timestamp(slot);
        cause = slot;
        firings = MAX_FIRINGS;
        boolean goOn = joinDue(slot);
        while (goOn && timers.takeDue(now))
        {
            dueTime = timers.dueTime();
            dueVersion = versions.at(timers.dueKey(), dueTime);
            waiting.begin(timers.dueKey(), dueTime);
            goOn = joinDue(slot);
        }
        goOn &= !timers.isBusy();
        if (goOn)
        {
            watermark = now;
            versions.clean(now);
        }
        cause = 0;
        return goOn;
    }

    /** Joins what is left of the records of a key and time, until the output says stop or it was enough for once. */
    private boolean joinDue(final long slot)
    {
        joining = true;
        boolean goOn = true;
        while (goOn)
        {
            final long record = waiting.next();
            if (record == 0)
            {
                break;
            }
            firings--;
            goOn = emit(slot, record) && firings > 0;
        }
        joining = false;
        return goOn;
    }

    private boolean emit(final long slot, final long record)
    {
        return guard == null ? join(slot, record) : tryToJoin(slot, record);
    }

    private boolean tryToJoin(final long slot, final long record)
    {
        guard.begin();
        do
        {
            try
            {
                return join(slot, record);
            }
            catch (final Throwable thrown)
            {
                if (!guard.takes(thrown, slot, currentRecord()))
                {
                    throw thrown;
                }
                recordView.leave();
                versionView.leave();
            }
        }
        while (guard.again());
        return guard.goOn();
    }

    private boolean join(final long slot, final long record)
    {
        final W out = writer.begin(output.claim(), slot, writer.flyweight().blockLength());
        SlotDescriptor.timestamp(writer.slot(), dueTime);
        function.join(recordView.at(record), versionView.at(dueVersion), out);
        recordView.leave();
        versionView.leave();
        writer.end(name);
        return output.commit();
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(watermark);
        timers.snapshot(blob);
    }

    @Override
    public void restore(final BlobReader blob)
    {
        watermark = blob.getLong();
        timers.restore(blob);
    }

    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
        watermark = BlobReader.leastLong(parts);
        timers.restoreRescaled(parts);
    }

    @Override
    public void recordFailed(final boolean again)
    {
        cause = 0;
    }

    @Override
    public long currentSlot()
    {
        return cause;
    }

    @Override
    public String currentRecord()
    {
        if (cause == 0)
        {
            return null;
        }
        if (joining)
        {
            return recordView.text(recordView.address()) + " time=" + dueTime + " version " +
                versionView.text(versionView.address());
        }
        final long record = cause + SlotDescriptor.HEADER_LENGTH;
        return arrivedRecord ? recordView.text(record) : versionView.text(record);
    }

    @Override
    public void close()
    {
        if (keyRegion != null)
        {
            keyRegion.close();
        }
        if (timers != null)
        {
            timers.close();
        }
        if (versions != null)
        {
            versions.close();
        }
        if (waiting != null)
        {
            waiting.close();
        }
    }

    /** Takes the records. */
    private final class RecordInput implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            boolean goOn = true;
            arrivedRecord = true;
            for (int i = 0; i < count; i++)
            {
                cause = slots[i];
                checkTime(slots[i]);
                goOn &= addRecord(slots[i]);
            }
            cause = 0;
            return goOn;
        }
    }

    /** Takes the versions. */
    private final class VersionInput implements BatchProcessor
    {
        @Override
        public boolean processBatch(final long[] slots, final int count)
        {
            arrivedRecord = false;
            for (int i = 0; i < count; i++)
            {
                cause = slots[i];
                checkTime(slots[i]);
                versionEncoder.encode(slots[i], key);
                versions.put(key, slots[i], watermark);
            }
            cause = 0;
            return true;
        }
    }
}
