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
package io.millrace.benchmarks.compare;

import io.millrace.benchmarks.Benchmarks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Runs the whole command, its JVMs included, with so few events that the figures mean nothing. */
class CompareCommandTest
{
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldPrintALineForEachWorkloadAndTable()
    {
        run("W2 --events=200000 --pairs=1");

        final List<String> lines = out.toString().lines().toList();
        assertEquals(3, lines.size(), lines::toString);
        assertMatches("W2 loop=# millrace=# ratio=# added=# spread=#\\.\\.# pairs=1 allocated=#", lines.get(0));
        assertMatches("W2 flat=# segmented=# ratio=# added=# .*", lines.get(1));
        assertMatches("W2 flat=# lookahead=# ratio=# added=# .*", lines.get(2));
    }

    @Test
    void shouldComparePreloadedInput()
    {
        run("W1 W3 --events=200000 --pairs=1 --preloaded");

        final List<String> lines = out.toString().lines().toList();
        assertMatches("W1 loop=# millrace=# ratio=# added=# .*", lines.get(0));
        assertMatches("W3 loop=# millrace=# ratio=# added=# .*", lines.get(1));
    }

    @Test
    void shouldSayHowManyCheckpointsThereWereAndWhatTheyWrote()
    {
        run("W2 --events=5000000 --pairs=1 --checkpoints=20ms");

        assertMatches("W2 millrace=# checkpointed=# ratio=# .* checkpoints=# written=#MB", out.toString().trim());
    }

    @Test
    void shouldCompareAnExchangeWithADisruptorProgram()
    {
        run("W1 --events=200000 --pairs=1 --exchange");

        assertMatches("W1 disruptor=# exchanged=# ratio=# .*", out.toString().trim());
    }

    @Test
    void shouldComparePipelinesWithThemselvesAlone()
    {
        run("--pipelines=4 --events=200000 --pairs=1");

        final List<String> lines = out.toString().lines().toList();
        assertEquals(4, lines.size(), lines::toString);
        assertMatches("W1 alone=# together=# ratio=# .*", lines.get(0));
        assertMatches("FLAT_MAP alone=# together=# ratio=# .*", lines.get(3));
    }

    @Test
    void shouldTimeTheStepsInWhichWindowsFire()
    {
        run("firing --keys=10000 --rounds=2 --warmup=1");

        final List<String> lines = out.toString().lines().toList();
        assertEquals(4, lines.size(), lines::toString);
        assertMatches("TUMBLING keys=10000 rounds=2 steps=# us p50=# p99=# p99.9=# max=#", lines.get(0));
        assertMatches("TIMER    keys=10000 rounds=2 steps=# us p50=# p99=# p99.9=# max=#", lines.get(3));
    }

    @Test
    void shouldTimeBarriersAndTheEventsAfterThem()
    {
        run("pause --keys=20000 --barriers=4 --warmup=1 --updates=1000 --latency-every=4 --rate=10000");

        final List<String> lines = out.toString().lines().toList();
        assertMatches("barrier +with state +n=4 us p50=# p90=# p99=# p99.9=# max=#", lines.get(1));
        assertMatches("barrier +that does nothing n=4 us p50=# .*", lines.get(2));
        assertMatches("barrier: p99.9 above that of barriers that do nothing: # us", lines.get(3));
        assertMatches("latency after with state +n=\\d+ us p50=# .*", lines.get(4));
        assertMatches("latency after that does nothing +n=\\d+ us p50=# .*", lines.get(5));
    }

    @ParameterizedTest
    @CsvSource({
        "--exchange --pipelines=4, one at a time",
        "--exchange --cpu-time, leave it out",
        "--pipelines=9, must be 2 to 4",
        "--pairs=0, must be 1 or more",
        "--checkpoints=5, write say 1s or 200ms",
        "pause --keys=0, must be 1 or more"})
    void shouldRefuseWhatMeansNothing(final String arguments, final String remedy)
    {
        assertNotEquals(0, execute(arguments));
        assertTrue(err.toString().contains(remedy), err::toString);
    }

    private void run(final String arguments)
    {
        assertEquals(0, execute(arguments), err::toString);
    }

    private int execute(final String arguments)
    {
        return new CommandLine(new CompareCommand(Benchmarks.flagList()))
            .setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
            .execute(arguments.split(" "));
    }

    private static void assertMatches(final String pattern, final String line)
    {
        assertTrue(Pattern.matches(pattern.replace("#", "-?[0-9]+(\\.[0-9]+)?"), line), line);
    }
}
