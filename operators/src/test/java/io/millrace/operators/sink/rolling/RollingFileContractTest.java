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
package io.millrace.operators.sink.rolling;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.testing.CrashPoints;
import io.millrace.core.testing.SinkContract;
import io.millrace.core.testing.SinkSubject;
import io.millrace.core.testing.SinkVisibility;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.sink.transaction.TwoPhaseCommitSink;
import io.millrace.operators.testing.CrashingTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Rolling files keep the contract of sinks, when the process dies at every operation on the disk, and with forced() when
 * power is lost.
 */
class RollingFileContractTest
{
    private static final int SEEDS = 80;

    @TempDir
    Path temporary;

    private int directories;

    private static RollingFileSink<Reading> lines(final Path path)
    {
        return RollingFileSink.<Reading>lines(path, "data", "txt", (reading, line) -> line.append(reading.value()))
            .rollAtLength(12);
    }

    /** The numbers in the files that are shown. */
    private static List<Long> numbers(final Stream<String> texts)
    {
        final List<Long> numbers = new ArrayList<>();
        texts.forEach(text ->
        {
            if (!text.isEmpty() && !text.endsWith("\n"))
            {
                throw new AssertionError("a file that is shown ends within a line: " + text);
            }
            text.lines().forEach(line -> numbers.add(Long.parseLong(line)));
        });
        return numbers;
    }

    private static SinkContract<ReadingFlyweight> inMemory(
        final Function<RollingFileSink<Reading>, RollingFileSink<Reading>> setting, final boolean power)
    {
        return SinkContract.of(ReadingFlyweight.TYPE, (reading, number) -> reading.value(number).time(number * 10),
            crash -> new MemorySubject(setting.apply(lines(Path.of("none"))), crash, power)).seeds(1, SEEDS);
    }

    private static final class MemorySubject implements SinkSubject
    {
        private final SplittableRandom random = new SplittableRandom(7);
        private final RollingFileSink<Reading> sink;
        private final MemoryDirectory directory;
        private final boolean power;

        private MemorySubject(final RollingFileSink<Reading> sink, final CrashPoints crash, final boolean power)
        {
            this.directory = new MemoryDirectory(crash);
            this.sink = sink.on(path -> directory.open());
            this.power = power;
        }

        @Override
        public OperatorFactory<? extends Operator> factory()
        {
            return sink.factory(ReadingFlyweight.TYPE);
        }

        @Override
        public List<Long> visible()
        {
            return numbers(directory.names().stream().filter(name -> name.endsWith(".txt"))
                .map(name -> new String(directory.bytes(name), StandardCharsets.UTF_8)));
        }

        @Override
        public void ended()
        {
            if (power)
            {
                directory.losePower(random);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeExactlyOnceWhereverTheProcessDies(final boolean forced)
    {
        final SinkContract.Report report = inMemory(sink -> forced ? sink.forced() : sink, false)
            .visibility(SinkVisibility.AFTER_CHECKPOINTS).fallingBack().run();
        assertTrue(report.crashes() > SEEDS, report.toString());
        assertTrue(report.fallbacks() > SEEDS / 10, report.toString());
    }

    @Test
    void shouldBeExactlyOnceByEventTime()
    {
        inMemory(sink -> sink.rollAtLength(1000).rollEvery(Duration.ofMillis(70)), false)
            .visibility(SinkVisibility.AFTER_CHECKPOINTS).fallingBack().run();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldShowAllAtCheckpoints(final boolean forced)
    {
        inMemory(sink -> forced ? sink.rollAtCheckpoints().forced() : sink.rollAtCheckpoints(), false).run();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSurviveTheLossOfPowerWhenForced(final boolean atCheckpoints)
    {
        inMemory(sink -> atCheckpoints ? sink.rollAtCheckpoints().forced() : sink.forced(), true)
            .visibility(atCheckpoints ? SinkVisibility.AT_CHECKPOINTS : SinkVisibility.AFTER_CHECKPOINTS).run();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldBeFoundNotToSurviveItOtherwise(final boolean atCheckpoints)
    {
        final SinkContract<ReadingFlyweight> contract =
            inMemory(sink -> atCheckpoints ? sink.rollAtCheckpoints() : sink, true)
            .visibility(atCheckpoints ? SinkVisibility.AT_CHECKPOINTS : SinkVisibility.AFTER_CHECKPOINTS);
        assertThrows(AssertionError.class, contract::run);
    }

    @Test
    void shouldBeExactlyOnceOnADisk()
    {
        SinkContract.of(ReadingFlyweight.TYPE, (reading, number) -> reading.value(number), this::onDisk)
            .visibility(SinkVisibility.AFTER_CHECKPOINTS).fallingBack().seeds(1, 40).run();
    }

    private SinkSubject onDisk(final CrashPoints crash)
    {
        final Path path = temporary.resolve("d" + directories++);
        final RollingFileSink<Reading> sink = lines(path);
        return new SinkSubject()
        {
            @Override
            public OperatorFactory<? extends Operator> factory()
            {
                return TwoPhaseCommitSink.<FileTransaction, Reading>of(
                    type -> new CrashingTarget<>(sink.target(type), crash)).factory(ReadingFlyweight.TYPE);
            }

            @Override
            public List<Long> visible()
            {
                if (!Files.exists(path))
                {
                    return List.of();
                }
                try (Stream<Path> files = Files.list(path))
                {
                    return numbers(files.filter(file -> file.toString().endsWith(".txt")).sorted()
                        .map(RollingFileContractTest::read));
                }
                catch (final IOException exception)
                {
                    throw new UncheckedIOException(exception);
                }
            }
        };
    }

    private static String read(final Path file)
    {
        try
        {
            return Files.readString(file);
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException(exception);
        }
    }
}
