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
package io.millrace.samples.wordcount;

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.function.Collector;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Counts the words of a text that every JDK has: the names of the first 12,288 characters of Unicode. */
public final class WordCountSample
{
    private static final int CHARACTERS = 0x3000;
    private static final int SHOWN = 10;

    private WordCountSample()
    {
    }

    /**
     * Prints the most frequent words.
     *
     * @throws Exception when the job fails
     */
    public static void run() throws Exception
    {
        final List<String> lines = lines();
        final Map<String, Long> counts = count(lines);
        System.out.printf(Locale.ROOT, "%,d names of characters have %,d different words; the most frequent are:%n",
            lines.size(), counts.size());
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
            .limit(SHOWN)
            .forEach(entry -> System.out.printf(Locale.ROOT, "%,8d %s%n", entry.getValue(), entry.getKey()));
    }

    static List<String> lines()
    {
        return IntStream.range(0, CHARACTERS).mapToObj(Character::getName).filter(Objects::nonNull).toList();
    }

    static Map<String, Long> count(final List<String> lines) throws InterruptedException
    {
        final Map<String, Long> counts = new ConcurrentHashMap<>();
        final Pipeline pipeline = Pipeline.create("word-count");
        pipeline
            .source(Generator.of(LineFlyweight.TYPE, lines.size(),
                (number, line) -> line.text(lines.get((int)number))), WatermarkStrategy.noWatermarks(), "lines")
            .parallelism(2)
            .rebalance()
            .flatMap(WordFlyweight.TYPE, WordCountSample::split).name("split").parallelism(4)
            .keyBy(Word::text)
            .accumulate(WordCountFlyweight.TYPE, (sum, word) -> sum.word(word.text()).count(sum.count() + 1))
            .name("count").parallelism(4)
            .rebalance()
            // The counts of a word come to both instances of the sink, on their threads: the highest is the last.
            .sink(CallbackSink.of(sum -> counts.merge(sum.word().toString(), sum.count(), Math::max)), "counts")
            .parallelism(2);

        try (Job job = pipeline.start(new JobConfig()))
        {
            job.await();
        }
        return counts;
    }

    private static void split(final Line line, final Collector<WordFlyweight> out)
    {
        for (final String word : line.text().toString().split(" ", -1))
        {
            out.next().text(word);
            out.emit();
        }
    }
}
