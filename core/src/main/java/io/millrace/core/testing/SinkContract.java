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

import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;

/**
 * Proves of a sink, any sink, that it is exactly once: drives it through random schedules of records, barriers, completions
 * that come late, together, twice or not at all, declined checkpoints, failures, crashes and restarts, and looks after each
 * step at what a reader sees.
 *
 * <pre>
 *   final SinkContract.Report report = SinkContract.of(OrderFlyweight.TYPE, (order, number) -&gt; order.id(number),
 *       crash -&gt; new OrderTableSubject(crash)).seeds(1, 500).run();
 * </pre>
 *
 * What it demands, of each schedule:
 * <ul>
 * <li>nothing lost, nothing twice, nothing out of order: what is visible is always the beginning of the input, and at its end
 *     all of it;
 * <li>no aborted read: with {@link SinkVisibility#AT_CHECKPOINTS} (the default) and
 *     {@link SinkVisibility#AFTER_CHECKPOINTS}, nothing is visible that no complete checkpoint holds;
 * <li>nothing is taken back: what was visible stays;
 * <li>in time: with AT_CHECKPOINTS, all that a checkpoint holds is visible once the sink has been told, or restored from it;
 * <li>progress: every life but those that are killed gets on, and the schedule ends.
 * </ul>
 * Crashes come between two calls of the sink, and at every {@link CrashPoints#reach point} that the subject shows. An
 * {@link AssertionError} has the seed, the steps up to there, and what was seen. Each seed takes milliseconds. For one thread.
 *
 * @param <W> flyweight that writes the records
 */
public final class SinkContract<W extends Flyweight>
{
    /**
     * What was done, so that a test can see that it was something.
     *
     * @param schedules   that were run
     * @param lives       in all of them
     * @param crashes     lives that ended by death
     * @param failures    lives that ended by a close before the end of the input
     * @param checkpoints that were complete
     * @param declined    checkpoints that were not
     * @param skipped     completions that the sink was not told of by themselves
     * @param repeated    completions that the sink was told of again, or late
     * @param fallbacks   restores from an older checkpoint than the latest
     */
    public record Report(
        int schedules,
        int lives,
        int crashes,
        int failures,
        int checkpoints,
        int declined,
        int skipped,
        int repeated,
        int fallbacks)
    {
        Report plus(final Report other)
        {
            return new Report(schedules + other.schedules, lives + other.lives, crashes + other.crashes,
                failures + other.failures, checkpoints + other.checkpoints, declined + other.declined,
                skipped + other.skipped, repeated + other.repeated, fallbacks + other.fallbacks);
        }
    }

    private static final int DEFAULT_RECORDS = 60;

    private final RecordType<?, W> type;
    private final ObjLongConsumer<? super W> writer;
    private final Function<CrashPoints, ? extends SinkSubject> subjects;
    private SinkVisibility visibility = SinkVisibility.AT_CHECKPOINTS;
    private long firstSeed = 1;
    private int seeds = 200;
    private int maxRecords = DEFAULT_RECORDS;
    private boolean fallingBack;

    private SinkContract(
        final RecordType<?, W> type,
        final ObjLongConsumer<? super W> writer,
        final Function<CrashPoints, ? extends SinkSubject> subjects)
    {
        this.type = Objects.requireNonNull(type, "type");
        this.writer = Objects.requireNonNull(writer, "writer");
        this.subjects = Objects.requireNonNull(subjects, "subjects");
    }

    /**
     * A contract, to be set up, then run.
     *
     * @param type     of the sink's records
     * @param writer   writes the record with a number; the same number must give the same record. Its event time is ten times
     *                 the number.
     * @param subjects makes a sink and its outside anew for each schedule; is given the points at which it dies
     * @param <W>      flyweight that writes the records
     * @return the contract
     */
    public static <W extends Flyweight> SinkContract<W> of(
        final RecordType<?, W> type,
        final ObjLongConsumer<? super W> writer,
        final Function<CrashPoints, ? extends SinkSubject> subjects)
    {
        return new SinkContract<>(type, writer, subjects);
    }

    /**
     * Says when the sink shows what it was given, by default {@link SinkVisibility#AT_CHECKPOINTS}.
     *
     * @param when as the sink promises
     * @return this
     */
    public SinkContract<W> visibility(final SinkVisibility when)
    {
        visibility = Objects.requireNonNull(when, "visibility");
        return this;
    }

    /**
     * Runs a schedule for each seed, by default 200 from 1 on.
     *
     * @param first seed
     * @param count of seeds, 1 or more
     * @return this
     */
    public SinkContract<W> seeds(final long first, final int count)
    {
        if (count < 1)
        {
            throw new IllegalArgumentException("seeds=" + count + " must be 1 or more");
        }
        firstSeed = first;
        seeds = count;
        return this;
    }

    /**
     * Sets the length of the longest input, by default {@value #DEFAULT_RECORDS} records.
     *
     * @param most 1 or more
     * @return this
     */
    public SinkContract<W> records(final int most)
    {
        if (most < 1)
        {
            throw new IllegalArgumentException("records=" + most + " must be 1 or more");
        }
        maxRecords = most;
        return this;
    }

    /**
     * Restores now and then from the checkpoint before the latest, as when that is damaged. Only for sinks that recognise
     * what they have shown already.
     *
     * @return this
     */
    public SinkContract<W> fallingBack()
    {
        fallingBack = true;
        return this;
    }

    /**
     * Runs all schedules.
     *
     * @return what was done
     * @throws AssertionError at the first that breaks the contract
     */
    public Report run()
    {
        Report report = new Report(0, 0, 0, 0, 0, 0, 0, 0, 0);
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++)
        {
            final CrashPoints crash = new CrashPoints();
            try (SinkSubject subject = subjects.apply(crash))
            {
                final SplittableRandom random = new SplittableRandom(seed);
                report = report.plus(new SinkContractRun<>(type, writer, subject, visibility, crash, seed, random,
                    1 + random.nextInt(maxRecords), fallingBack).run());
            }
        }
        return report;
    }
}
