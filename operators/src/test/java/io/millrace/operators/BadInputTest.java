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
package io.millrace.operators;

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.JobFailedException;
import io.millrace.core.runtime.ThreadingMode;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.function.AccumulateFunction;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What bad input gets through the whole of a pipeline: the values and the remedy, and before the start where it can be. */
class BadInputTest
{
    private static final String AT = "operator=step record at position=2 timestamp=2 record=Reading[time=2, sensor=0, " +
        "place=here, value=2]: ";

    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldRefuseTextThatIsLongerThanItsField(final ThreadingMode mode) throws Exception
    {
        fails(mode, AT + "java.lang.IllegalArgumentException: place=\"0123456789abc\" has 13 characters, @Ascii(12) " +
            "allows 12: shorten it, or declare the field with a larger bound", readings -> readings
            .map(SummaryFlyweight.TYPE, (reading, out) -> out.place(reading.value() == 2 ? "0123456789abc" : "short")));
    }

    @Test
    void shouldRefuseARecordThatIsLargerThanItsMaximum() throws Exception
    {
        fails(ThreadingMode.INVOKER, AT + "java.lang.IllegalArgumentException: body has 4001 bytes, @VarBytes(4000) " +
            "allows 4000: shorten it, or declare the field with a larger bound", readings -> readings
            .map(DocumentFlyweight.TYPE, (reading, out) ->
                out.body(new byte[4001], 0, reading.value() == 2 ? 4001 : 4000)));
    }

    @ParameterizedTest
    @CsvSource({"null,", "empty, ''"})
    void shouldRefuseARecordWithoutKey(final String what, final String key) throws Exception
    {
        fails(ThreadingMode.INVOKER, AT + "java.lang.IllegalArgumentException: key is missing (" + what + ") in " +
            "record=Reading[time=2, sensor=0, place=here, value=2]: filter such records out before keyBy, or give the " +
            "field a value", readings -> sum(readings.keyBy(reading -> reading.value() == 2 ? key : "key")));
    }

    @Test
    void shouldRefuseACompositeKeyWithoutParts() throws Exception
    {
        fails(ThreadingMode.INVOKER, AT + "java.lang.IllegalArgumentException: key has no part for record=Reading[",
            readings -> sum(readings.keyByComposite((reading, key) ->
            {
                if (reading.value() != 2)
                {
                    key.putLong(reading.value());
                }
            })));
        fails(ThreadingMode.INVOKER, AT + "java.lang.IllegalArgumentException: key is missing (null) in record=Reading[",
            readings -> sum(readings.keyByComposite((reading, key) -> key.putText(reading.value() == 2 ? null : "a"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123456789abcdef0123456789abcdefX", "0123456789abcdef0123456789abcde\u00e9",
        "0123456789abcdef0123456789abc\ud83d\ude00"})
    void shouldRefuseAKeyOfMoreThan32Bytes(final String key) throws Exception
    {
        fails(ThreadingMode.INVOKER, AT + "java.lang.IllegalArgumentException: key=\"" + key +
            "\" is longer than 32 bytes: use a shorter field as the key, or map it to a number first",
            readings -> sum(readings.keyBy(reading -> reading.value() == 2 ? key : "key")));
        fails(ThreadingMode.INVOKER, AT + "java.lang.IllegalArgumentException: key of record=Reading[time=2, sensor=0, " +
            "place=here, value=2] needs more than 32 bytes: use fewer or shorter parts, or map one to a number first",
            readings -> sum(readings.keyByComposite((reading, parts) ->
            {
                for (int i = reading.value() == 2 ? 5 : 4; i > 0; i--)
                {
                    parts.putLong(i);
                }
            })));
    }

    @Test
    void shouldTakeAKeyOf32Bytes() throws Exception
    {
        final Pipeline pipeline = Pipeline.create("fits");
        sum(readings(pipeline).keyBy(reading -> "0123456789abcdef0123456789abcdef"))
            .sink(CallbackSink.of(reading -> assertEquals(reading.time(), reading.value())));
        TestJobs.run(pipeline);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1024", "3, 4", "0, 4"})
    void shouldRefuseARingSizeThatIsNoPowerOfTwo(final int capacity, final int remedy)
    {
        refused("ringCapacity=" + capacity + " must be a power of two of at least 4: round it up to " + remedy,
            IllegalArgumentException.class, new JobConfig().ringCapacity(capacity), BadInputTest::readings);
    }

    @Test
    void shouldRefuseTwoOperatorsWithOneUid()
    {
        refused("uid=same is that of two operators: ", IllegalStateException.class, new JobConfig(), pipeline ->
            sum(sum(readings(pipeline).keyByLong(Reading::sensor)).uid("same").keyByLong(Reading::value)).uid("same"));
    }

    @Test
    void shouldRefuseAWindowWithoutTimestamps()
    {
        refused("operator window needs event time, but a source before it has WatermarkStrategy.noWatermarks(): give " +
            "that source a strategy with timestamps", IllegalStateException.class, new JobConfig(), pipeline ->
            windows(pipeline.source(Generator.of(ReadingFlyweight.TYPE, 5, (number, out) -> out.value(number)),
                WatermarkStrategy.noWatermarks(), "timeless"), Reading::place));
    }

    @Test
    void shouldRefuseWatermarksOverRecordsWithoutEventTime()
    {
        refused("source timeless has watermarks but record=Summary has no event time: mark a long field with " +
            "@EventTime, or give the strategy withTimestampAssigner(...)", IllegalArgumentException.class, new JobConfig(), pipeline ->
            windows(pipeline.source(Generator.of(SummaryFlyweight.TYPE, 5, (number, out) -> out.sum(number)),
                WatermarkStrategy.forMonotonousTimestamps(), "timeless"), Summary::place));
    }

    @Test
    void shouldRefuseMorePinnedThreadsThanCores()
    {
        final int cpus = Runtime.getRuntime().availableProcessors();
        final int[] pinned = new int[cpus + 1];
        for (int i = 0; i <= cpus; i++)
        {
            pinned[i] = i;
        }
        refused("threads, but there are processors=" + cpus + ": pin fewer, the others run unpinned",
            IllegalArgumentException.class, new JobConfig().pinnedCpus(pinned), BadInputTest::readings);
    }

    private static void refused(
        final String message,
        final Class<? extends RuntimeException> type,
        final JobConfig config,
        final Consumer<Pipeline> declare)
    {
        final String refusal = assertThrows(type, () ->
        {
            final Pipeline pipeline = Pipeline.create("bad");
            declare.accept(pipeline);
            pipeline.plan(config);
        }).getMessage();
        assertTrue(refusal.contains(message), refusal);
    }

    private static void fails(
        final ThreadingMode mode,
        final String message,
        final Function<DataStream<Reading>, SingleOutputStream<?>> declare) throws Exception
    {
        final Pipeline pipeline = Pipeline.create("bad");
        declare.apply(readings(pipeline)).name("step").sink(CallbackSink.of(record ->
        {
        }));
        final Job job = pipeline.start(new JobConfig().threading(mode));
        try (job)
        {
            final String failure = assertThrows(JobFailedException.class, () ->
            {
                if (mode == ThreadingMode.INVOKER)
                {
                    TestJobs.finish(job);
                }
                job.await();
            }).getMessage();
            assertTrue(failure.contains(message), failure);
        }
        assertEquals(0, job.offHeapBytes());
    }

    private static <V> SingleOutputStream<Summary> windows(
        final DataStream<V> stream, final Function<V, CharSequence> key)
    {
        final AccumulateFunction<V, SummaryFlyweight> count = (sum, record) -> sum.count(sum.count() + 1);
        return stream.keyBy(key).window(TumblingEventTimeWindows.of(Duration.ofMillis(5)))
            .aggregate(SummaryFlyweight.TYPE, SummaryFlyweight.TYPE, count, (k, window, sum, out) -> out.count(1));
    }

    private static SingleOutputStream<Reading> sum(final KeyedStream<?, Reading> keyed)
    {
        return keyed.reduce(ReadingFlyweight.TYPE, (last, reading) -> last.time(reading.time()).value(reading.value()));
    }

    private static SingleOutputStream<Reading> readings(final Pipeline pipeline)
    {
        return pipeline.source(Generator.of(ReadingFlyweight.TYPE, 5, (number, out) ->
            out.time(number).place("here").value(number)), WatermarkStrategy.forMonotonousTimestamps(), "readings");
    }
}
