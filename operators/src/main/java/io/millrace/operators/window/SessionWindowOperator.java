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
package io.millrace.operators.window;

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.metrics.Counter;
import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Output;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.core.state.KeyedTable;
import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.Region;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.SlotDescriptor;
import io.millrace.memory.table.KeyHash;
import io.millrace.operators.function.AggregateFunction;
import io.millrace.operators.function.WindowFunction;
import io.millrace.operators.keyed.KeyBatch;
import io.millrace.operators.keyed.KeyView;
import io.millrace.operators.transform.RecordOperator;
import io.millrace.operators.transform.RecordWriter;

/**
 * Session windows of event time, an accumulator for each session (SEMANTICS WIN-3 to WIN-6, WIN-8 to WIN-10). A
 * watermark fires the sessions that it closes by their end, keys in canonical order; where the output is full it stops,
 * and goes on there when called again.
 * <p>
 * A record is a session from its timestamp until the gap behind it, which is first merged with the sessions of its key
 * that it touches. It is late only if what comes of that is past its cleanup time: end - 1 + allowed lateness. Sessions
 * that were fired go on merging until their cleanup, and one that a record comes to when its end - 1 is at or below the
 * watermark fires at once. Flink fails where a merge gives a session that is past its cleanup; here there is none: the
 * watermark that passes the cleanup time of a session removes it, so a record merges only with sessions that are not
 * past theirs, and what they come to ends as late as they do or later.
 * <pre>
 *   record --hash, key--> latest session              the one that nearly every record is for, looked up by the batch
 *             --previous end, hash, key--> the one before --> ...      {@link SessionHistory}
 *   watermark --> {@link SessionSchedule} --> sessions that are due
 * </pre>
 * A key without sessions takes no memory.
 *
 * @param <V> read-only view of the input
 * @param <K> view of the key
 * @param <B> read-only view of the accumulator
 * @param <A> flyweight that writes the accumulator
 * @param <W> flyweight that writes the results
 */
public final class SessionWindowOperator<V, K, B, A extends Flyweight, W extends Flyweight> extends RecordOperator<V>
    implements SkippingOperator, TimedOperator
{
    private static final long NO_END = SessionDescriptor.NO_END;
    /** A session that fires is looked up and removed, which takes as long as so many results of other windows. */
    private static final int WORK_OF_FIRING = 4;

    private final AggregateFunction<? super V, ? super B, ? super A> aggregate;
    private final WindowFunction<? super K, ? super B, ? super W> result;
    private final OperatorFactory<KeyEncoder> encoders;
    private final RecordType<B, A> accumulatorType;
    private final RecordWriter<W> writer;
    private final KeyView<K> keyView;
    private final WindowBounds bounds = new WindowBounds();
    private final boolean startWithFirst;
    private final String lateTag;
    private final long gap;
    private final long lateness;
    /** The first and the last timestamp of records whose sessions keep off the ends of time. */
    private final long firstTime;
    private final long lastTime;

    private KeyEncoder encoder;
    private KeyBatch batch;
    /** Where a record is added to for a trial; null without an error policy. */
    private Region trial;
    private KeyedTable table;
    private SessionHistory history;
    private SessionSchedule schedule;
    private Output output;
    private Output late;
    private Counter dropped;
    private A accumulator;
    private final A other;
    private long keys;
    private int keyLength;
    private int length;
    private long[] values;
    private int[] created;
    /** Whether keys are being encoded, and the first slot of those whose sessions are being looked up: for messages. */
    private boolean encoding;
    private long lookingUp;
    /** The slot that causes the result that is being made, for messages; else 0. */
    private long firingSlot;

    /** From here on a record's session is unfired, whatever it merges with: it is not late, and fires nothing. */
    private long unfiredFrom;
    /** End of the session that {@link #lookBack} came from last, {@link #NO_END} for the latest one. */
    private long laterEnd;

    /**
     * An operator.
     *
     * @param inputType       of the records
     * @param accumulatorType of what is kept for a session, of fixed length
     * @param outputType      of the results
     * @param encoders        give the key
     * @param keyView         shows it; one a factory, so an instance is made of it for each operator
     * @param aggregate       adds a record to an accumulator, and an accumulator to another
     * @param result          makes the result of a session
     * @param window          gap that ends a session, and how late a record may be, in the pipeline's unit
     * @param startWithFirst  true when the first record of a session is its accumulator, not added to zeros
     * @param lateTag         of the side output for records that are too late; empty to drop and count them
     */
    public SessionWindowOperator(
        final RecordType<V, ?> inputType,
        final RecordType<B, A> accumulatorType,
        final RecordType<?, W> outputType,
        final OperatorFactory<KeyEncoder> encoders,
        final OperatorFactory<KeyView<K>> keyView,
        final AggregateFunction<? super V, ? super B, ? super A> aggregate,
        final WindowFunction<? super K, ? super B, ? super W> result,
        final SessionWindow window,
        final Boolean startWithFirst,
        final String lateTag)
    {
        super(inputType);
        this.accumulatorType = accumulatorType;
        this.encoders = encoders;
        this.keyView = newKeyView(keyView);
        this.aggregate = aggregate;
        this.result = result;
        this.writer = new RecordWriter<>(outputType);
        this.accumulator = accumulatorType.newFlyweight();
        this.other = accumulatorType.newFlyweight();
        this.startWithFirst = startWithFirst;
        this.gap = window.gap();
        this.lateness = window.lateness();
        this.lateTag = lateTag;
        this.firstTime = Long.MIN_VALUE + gap;
        this.lastTime = Long.MAX_VALUE - gap;
        this.unfiredFrom = firstTime;
    }

    @SuppressWarnings("unchecked")
    private static <K> KeyView<K> newKeyView(final OperatorFactory<KeyView<K>> factory)
    {
        return IsolatedLoader.newInstance("key view", KeyView.class, factory);
    }

    @Override
    public void open(final OperatorContext context)
    {
        super.open(context);
        output = output();
        late = lateTag.isEmpty() ? null : context.sideOutput(lateTag);
        dropped = context.counter("lateRecordsDropped");
        encoder = IsolatedLoader.newInstance(context.name(), KeyEncoder.class, encoders);
        batch = new KeyBatch(encoder, context.account(), context.name());
        trial = context.errorPolicy().guards() ?
            Region.allocate(context.account(), context.name() + " trial", accumulatorType.blockLength()) : null;
        keys = batch.keys();
        values = batch.values();
        created = batch.created();
        keyLength = encoder.keyLength();
        length = SessionDescriptor.length(accumulatorType.blockLength());
        table = context.state().keyedTable("latestSessions", keyLength, length);
        history = new SessionHistory(context.state().windowTables("earlierSessions", keyLength, length), gap, length);
        schedule = new SessionSchedule(table, history, null, lateness, keyLength, context.account(), context.name());
    }

    @Override
    public void start()
    {
        schedule.start();
    }

    @Override
    public boolean processBatch(final long[] slots, final int count)
    {
        encode(slots, count);
        if (trial != null)
        {
            tryAdding(slots[0]);
        }
        boolean goOn = true;
        int next = 0;
        while (next < count)
        {
            final int end = endOfUnfired(slots, next, count);
            if (end != next)
            {
                addTogether(slots, next, end);
            }
            next = end;
            if (next < count)
            {
                goOn &= addLate(slots[next], keys + (long)next * keyLength);
                next++;
            }
        }
        return goOn;
    }

    /** Fails before anything is changed when the function fails with the record: sessions that were merged stay merged. */
    private void tryAdding(final long slot)
    {
        final int length = accumulatorType.blockLength();
        if (startWithFirst)
        {
            Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, trial.address(), length);
        }
        else
        {
            Memory.zero(trial.address(), length);
        }
        final A tried = accumulatorType.newFlyweight();
        tried.wrapUnchecked(trial.address());
        aggregate.add(tried, view(slot));
    }

    private void encode(final long[] slots, final int count)
    {
        final KeyEncoder encoder = this.encoder;
        final int keyLength = encoder.keyLength();
        long key = keys;
        encoding = true;
        for (int i = 0; i < count; i++)
        {
            encoder.encode(slots[i], key);
            key += keyLength;
        }
        encoding = false;
    }

    private int endOfUnfired(final long[] slots, final int from, final int count)
    {
        final long first = unfiredFrom;
        final long last = lastTime;
        for (int i = from; i < count; i++)
        {
            final long timestamp = SlotDescriptor.timestamp(slots[i]);
            if (timestamp < first || timestamp > last)
            {
                return i;
            }
        }
        return count;
    }

    /** Adds records whose sessions are unfired: that puts nothing out, and removes no key. */
    private void addTogether(final long[] slots, final int from, final int to)
    {
        lookingUp = slots[from];
        final int news = table.upsertAll(keys + (long)from * keyLength, to - from, values, created);
        lookingUp = 0;
        if (news == KeyedTable.ONE_AT_A_TIME)
        {
            for (int i = from; i < to; i++)
            {
                addToSession(slots[i], keys + (long)i * keyLength);
            }
        }
        else
        {
            addAll(slots, from, to, news);
        }
    }

    /** What is seldom is in methods of its own, so that the compiler keeps what the others use in registers. */
    private void addAll(final long[] slots, final int from, final int to, final int news)
    {
        final long[] values = this.values;
        final AggregateFunction<? super V, ? super B, ? super A> aggregate = this.aggregate;
        final Flyweight record = flyweight();
        final V view = view();
        final A accumulator = this.accumulator;
        final long gap = this.gap;
        final long firedEnd = schedule.watermark() + 1;
        int seen = 0;
        int newAt = news == 0 ? to : from + created[0];
        for (int i = from; i < to; i++)
        {
            final long slot = slots[i];
            final long session = values[i - from];
            final long timestamp = SlotDescriptor.timestamp(slot);
            final long end = SessionDescriptor.end(session);
            if (i == newAt)
            {
                begin(slot, keys + (long)i * keyLength, session);
                seen++;
                newAt = seen == news ? to : from + created[seen];
            }
            else if (timestamp < SessionDescriptor.start(session) || timestamp > end || end <= firedEnd)
            {
                merge(slot, keys + (long)i * keyLength, session);
            }
            else
            {
                SessionDescriptor.end(session, Math.max(end, timestamp + gap));
                if (DebugMode.ENABLED)
                {
                    add(slot, session);
                }
                else
                {
                    record.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
                    accumulator.wrapUnchecked(SessionDescriptor.accumulator(session));
                    aggregate.add(accumulator, view);
                }
            }
        }
    }

    /** Adds a record to the session that it is of, or begins, and gives the end of that. */
    private long addToSession(final long slot, final long key)
    {
        lookingUp = slot;
        final long session = table.upsert(KeyHash.hash(key, keyLength), key);
        final long end = table.created() ? begin(slot, key, session) : merge(slot, key, session);
        lookingUp = 0;
        table.written();
        return end;
    }

    /** Adds a record that may be late: where its session was fired, or is due, it fires at once. */
    private boolean addLate(final long slot, final long key)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        if (timestamp < firstTime || timestamp > lastTime)
        {
            throw atTheEndsOfTime(slot, timestamp);
        }
        final long hash = KeyHash.hash(key, keyLength);
        lookingUp = slot;
        final boolean tooLate =
            schedule.isGone(timestamp + gap) && !touches(hash, key, table.find(hash, key), timestamp);
        lookingUp = 0;
        if (tooLate)
        {
            return tooLate(slot);
        }
        final long end = addToSession(slot, key);
        if (schedule.isUnfired(end))
        {
            return true;
        }
        final long latest = table.find(hash, key);
        return fire(slot, key, SessionDescriptor.end(latest) == end ? latest : history.find(hash, key, end));
    }

    private IllegalArgumentException atTheEndsOfTime(final long slot, final long timestamp)
    {
        lookingUp = slot;
        return new IllegalArgumentException("timestamp=" + timestamp + " is too near to the end of time for a session " +
            "with gap=" + gap + ": check the field marked @EventTime, or filter such records out");
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

    private boolean touches(final long hash, final long key, final long latest, final long timestamp)
    {
        if (latest == 0 || timestamp > SessionDescriptor.end(latest))
        {
            return false;
        }
        final long end = timestamp + gap;
        return end >= SessionDescriptor.start(latest) || lookBack(hash, key, latest, end) >= timestamp;
    }

    /** The end of the last session before the latest one that starts at or before a time, or {@link #NO_END}. */
    private long lookBack(final long hash, final long key, final long latest, final long time)
    {
        laterEnd = NO_END;
        long end = SessionDescriptor.previousEnd(latest);
        long session = history.find(hash, key, end);
        while (session != 0 && SessionDescriptor.start(session) > time)
        {
            laterEnd = end;
            end = SessionDescriptor.previousEnd(session);
            session = history.find(hash, key, end);
        }
        return session == 0 ? NO_END : end;
    }

    /** Begins the session of a key that has none, and gives its end. */
    private long begin(final long slot, final long key, final long session)
    {
        lookingUp = slot;
        final long end = open(slot, session, NO_END);
        schedule.changeLatest(key, NO_END, end);
        lookingUp = 0;
        return end;
    }

    /** Opens a session, whose accumulator is all zeros, with its first record, and gives its end. */
    private long open(final long slot, final long session, final long previousEnd)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        SessionDescriptor.start(session, timestamp);
        SessionDescriptor.end(session, timestamp + gap);
        SessionDescriptor.previousEnd(session, previousEnd);
        if (startWithFirst)
        {
            Memory.copyWords(slot + SlotDescriptor.HEADER_LENGTH, SessionDescriptor.accumulator(session),
                accumulatorType.blockLength());
        }
        else
        {
            add(slot, session);
        }
        return timestamp + gap;
    }

    /** Adds a record to what its key has, and gives the end of the session that it is of then. */
    private long merge(final long slot, final long key, final long latest)
    {
        lookingUp = slot;
        final long hash = KeyHash.hash(key, keyLength);
        final long timestamp = SlotDescriptor.timestamp(slot);
        final long end;
        if (timestamp > SessionDescriptor.end(latest))
        {
            end = openBehind(slot, hash, key, latest);
        }
        else if (timestamp + gap >= SessionDescriptor.start(latest))
        {
            end = extendLatest(slot, hash, key, latest);
        }
        else
        {
            end = addEarlier(slot, hash, key, latest);
        }
        lookingUp = 0;
        return end;
    }

    private long openBehind(final long slot, final long hash, final long key, final long latest)
    {
        final long previousEnd = SessionDescriptor.end(latest);
        Memory.copyWords(latest, history.upsert(hash, key, previousEnd), length);
        history.written();
        Memory.zero(SessionDescriptor.accumulator(latest), accumulatorType.blockLength());
        final long end = open(slot, latest, previousEnd);
        schedule.moveToHistory(key, previousEnd);
        schedule.changeLatest(key, previousEnd, end);
        return end;
    }

    private long extendLatest(final long slot, final long hash, final long key, final long latest)
    {
        final long oldEnd = SessionDescriptor.end(latest);
        final long end = Math.max(oldEnd, SlotDescriptor.timestamp(slot) + gap);
        startNoLater(slot, hash, key, latest);
        SessionDescriptor.end(latest, end);
        add(slot, latest);
        schedule.changeLatest(key, oldEnd, end);
        return end;
    }

    /** Adds a record that ends before the latest session starts. */
    private long addEarlier(final long slot, final long hash, final long key, final long latest)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        final long oldEnd = lookBack(hash, key, latest, timestamp + gap);
        final boolean opens = oldEnd < timestamp;
        final long end = Math.max(oldEnd, timestamp + gap);
        if (opens)
        {
            open(slot, history.upsert(hash, key, end), oldEnd);
        }
        else
        {
            final long session =
                end == oldEnd ? history.upsert(hash, key, end) : history.move(hash, key, oldEnd, end);
            startNoLater(slot, hash, key, session);
            SessionDescriptor.end(session, end);
            add(slot, session);
        }
        history.written();
        if (end == oldEnd)
        {
            return end;
        }
        if (laterEnd == NO_END)
        {
            SessionDescriptor.previousEnd(latest, end);
        }
        else
        {
            history.link(hash, key, laterEnd, end);
        }
        schedule.changeEarlier(key, oldEnd, end);
        return end;
    }

    /** Makes a session start no later than a record, and takes in the one before it if the record touches that. */
    private void startNoLater(final long slot, final long hash, final long key, final long session)
    {
        final long timestamp = SlotDescriptor.timestamp(slot);
        if (timestamp >= SessionDescriptor.start(session))
        {
            return;
        }
        final long previousEnd = SessionDescriptor.previousEnd(session);
        final long previous = previousEnd < timestamp ? 0 : history.find(hash, key, previousEnd);
        if (previous == 0)
        {
            SessionDescriptor.start(session, timestamp);
            return;
        }
        SessionDescriptor.start(session, Math.min(timestamp, SessionDescriptor.start(previous)));
        SessionDescriptor.previousEnd(session, SessionDescriptor.previousEnd(previous));
        final A sum = DebugMode.ENABLED ? accumulatorType.newFlyweight() : accumulator;
        final A other = DebugMode.ENABLED ? accumulatorType.newFlyweight() : this.other;
        sum.wrapUnchecked(SessionDescriptor.accumulator(session));
        other.wrapUnchecked(SessionDescriptor.accumulator(previous));
        aggregate.merge(sum, accumulatorType.view(other));
        if (DebugMode.ENABLED)
        {
            sum.release(name());
            other.release(name());
        }
        history.remove(hash, key, previousEnd);
    }

    private void add(final long slot, final long session)
    {
        final A sum = DebugMode.ENABLED ? accumulatorType.newFlyweight() : accumulator;
        sum.wrapUnchecked(SessionDescriptor.accumulator(session));
        aggregate.add(sum, view(slot));
        if (DebugMode.ENABLED)
        {
            releaseView();
            sum.release(name());
        }
    }

    private boolean fire(final long cause, final long key, final long session)
    {
        final long start = SessionDescriptor.start(session);
        final long end = SessionDescriptor.end(session);
        final W out = writer.begin(output.claim(), cause, writer.flyweight().blockLength());
        SlotDescriptor.timestamp(writer.slot(), end - 1);
        if (DebugMode.ENABLED)
        {
            accumulator = accumulatorType.newFlyweight();
        }
        accumulator.wrapUnchecked(SessionDescriptor.accumulator(session));
        firingSlot = cause;
        result.apply(keyView.at(key), bounds.of(start, end), accumulatorType.view(accumulator), out);
        firingSlot = 0;
        writer.end(name());
        if (DebugMode.ENABLED)
        {
            accumulator.release(name());
        }
        return output.commit();
    }

    @Override
    public long nextDue()
    {
        return schedule.nextDue();
    }

    @Override
    public boolean watermark(final long slot)
    {
        final long now = SlotDescriptor.timestamp(slot);
        final SessionFirings firings = schedule.firings();
        int left = MAX_FIRINGS;
        while (true)
        {
            if (!firings.hasNext())
            {
                left = schedule.gather(now, left);
                if (left == 0)
                {
                    return false;
                }
                if (!firings.hasNext())
                {
                    break;
                }
            }
            while (firings.next())
            {
                final boolean goOn = fire(slot, firings.key(), firings.isLatest() ?
                    table.find(firings.hash(), firings.key()) :
                    history.find(firings.hash(), firings.key(), firings.end()));
                schedule.fired(now);
                left -= WORK_OF_FIRING;
                if (!goOn || left <= 0)
                {
                    return false;
                }
            }
        }
        if (!schedule.pass(now, left))
        {
            return false;
        }
        pass(now);
        return true;
    }

    private void pass(final long now)
    {
        if (now == Long.MAX_VALUE)
        {
            unfiredFrom = Long.MAX_VALUE;
        }
        else if (now >= firstTime)
        {
            unfiredFrom = Math.max(firstTime, now - gap + 2);
        }
    }

    @Override
    public void snapshot(final BlobWriter blob)
    {
        blob.putLong(schedule.watermark());
    }

    @Override
    public void restore(final BlobReader blob)
    {
        schedule.restore(blob.getLong());
        pass(schedule.watermark());
    }

    @Override
    public long currentSlot()
    {
        if (firingSlot != 0)
        {
            return firingSlot;
        }
        if (lookingUp != 0)
        {
            return lookingUp;
        }
        return encoding ? encoder.currentSlot() : super.currentSlot();
    }

    @Override
    public String currentRecord()
    {
        return firingSlot == 0 ? super.currentRecord() :
            "result of window " + bounds + " key=" + keyView + " accumulator=" + accumulator;
    }

    @Override
    public void close()
    {
        if (batch != null)
        {
            batch.close();
        }
        if (schedule != null)
        {
            schedule.close();
        }
        if (trial != null)
        {
            trial.close();
        }
    }
}
