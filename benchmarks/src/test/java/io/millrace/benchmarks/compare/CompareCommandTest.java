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
import org.junit.jupiter.params.provider.ValueSource;
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
        run("pause --keys=20000 --barriers=4 --warmup=1 --updates=1000 --latency-every=4 --rate=10000 --pairs=0");

        final List<String> lines = out.toString().lines().toList();
        assertMatches("barrier +with state +n=4 us p50=# p90=# p99=# p99.9=# max=#", lines.get(1));
        assertMatches("barrier +that does nothing n=4 us p50=# .*", lines.get(2));
        assertMatches("barrier: p99.9 above that of barriers that do nothing: # us", lines.get(3));
        assertMatches("latency after with state +n=\\d+ us p50=# .*", lines.get(4));
        assertMatches("latency after that does nothing +n=\\d+ us p50=# .*", lines.get(5));
        assertMatches("written deltas=4 touched p50=# MB p50=# bytes/entry p50=# p99=# max=# bases=0; ms until complete .*",
            lines.get(8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "zipf"})
    void shouldCompareThroughputWithAndWithoutCheckpointsAndTellWhatTheyWroteForAnEntry(final String choice)
    {
        run("pause --keys=20000 --barriers=0 --pairs=2 --interval=20ms --skew=" + choice);

        final List<String> lines = out.toString().lines().toList();
        assertEquals(2, lines.size(), lines::toString);
        assertMatches("throughput " + choice + " keys=20000 interval=20ms without=# with=# ratio=# spread=#\\.\\.# pairs=2",
            lines.get(0));
        // An entry is a key of 8 bytes and a value of 16.
        assertMatches("written deltas=2 touched p50=# MB p50=# bytes/entry p50=2[45]\\.\\d p99=# max=# bases=0; .*", lines.get(1));
    }

    @Test
    void shouldTimeEachInsertionIntoATableThatGrowsAndTellItsMemoryUnderChurn()
    {
        run("growth --keys=50000 --rounds=2 --warmup=1 --turnovers=3");

        final String times = " n=100000 us p50=# p99=# p99.9=# p99.99=# p99.999=# max=# over-500us=# in-every-round=# at-key=#";
        final List<String> lines = out.toString().lines().toList();
        assertEquals(10, lines.size(), lines::toString);
        assertMatches("growth insertion" + times, lines.get(0));
        assertMatches("growth nothing  " + times, lines.get(1));
        assertMatches("growth keys=50000 rounds=2 barriers=0 us above nothing: p99.99=# max=# in-every-round=#; bytes/key=#", lines.get(2));
        assertMatches("turnover 3 used=#MB held=#MB bytes/key=#", lines.get(6));
        assertMatches("churn removal    n=150000 us p50=# .*", lines.get(8));
        assertMatches("churn keys=50000 turnovers=3 memory after the last, in parts of that after the first: #; the most: #",
            lines.get(9));
    }

    @Test
    void shouldTimeGrowthAndChurnWhileSnapshotsAreSwept()
    {
        run("growth --keys=50000 --rounds=1 --warmup=0 --turnovers=2 --barrier-every=10000");

        final List<String> lines = out.toString().lines().toList();
        assertMatches("growth keys=50000 rounds=1 barriers=4 us above .*", lines.get(2));
        assertMatches("turnover 2 used=#MB held=#MB bytes/key=#", lines.get(5));
    }

    @Test
    void shouldCompareTheTableWithAFlatOneThatIsAsFull()
    {
        run("table --keys=1000,20000 --rounds=1 --warmup=0 --skew=zipf");

        final List<String> lines = out.toString().lines().toList();
        assertEquals(2, lines.size(), lines::toString);
        final String part = "=# ratio=# spread=#\\.\\.#";
        assertMatches("table zipf keys=20000 load=0\\.# ns flat=# segmented" + part + " lookahead" + part + " rounds=1",
            lines.get(1));
    }

    @Test
    void shouldTimeRecoveriesFromAChainAndFromOneThatIsBegunAnew()
    {
        run("recovery --bytes=400k --rounds=1 --deltas=2");

        final String seconds = "p50=# p99=# max=#";
        final List<String> lines = out.toString().lines().toList();
        assertEquals(6, lines.size(), lines::toString);
        assertMatches("chain keys=10240 entries=#MB files=3 stored=#MB checkpoint=3", lines.get(0));
        assertMatches("chain warm rounds=1 cached=1.00 off-heap=#MB s restored " + seconds + " first-record " + seconds +
            " s/GiB p50=#", lines.get(1));
        assertMatches("chain cold-files rounds=1 cached=# .*|chain cold-files cannot be measured here: .*", lines.get(2));
        assertMatches("begun-anew keys=10240 entries=#MB files=1 stored=#MB checkpoint=#", lines.get(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chronicle-map", "rocksdb"})
    void shouldCompareStateThatIsElsewhereAndTellWhatIsAllocated(final String state)
    {
        run("W2 --events=100000 --pairs=1 --state=" + state);

        assertMatches("W2 on " + state + " loop=# millrace=# ratio=# added=# spread=#\\.\\.# pairs=1 allocated=#",
            out.toString().trim());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "firing", "growth", "table", "recovery"})
    void shouldExplainItself(final String command)
    {
        run(command + " --help");

        assertTrue(out.toString().startsWith("Usage: compare " + command), out::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "--exchange --pipelines=4, one at a time",
        "--exchange --cpu-time, leave it out",
        "--pipelines=9, must be 2 to 4",
        "--pairs=0, must be 1 or more",
        "--checkpoints=5, write say 1s or 200ms",
        "--state=paper, write off-heap",
        "pause --keys=0, must be 1 or more",
        "pause --skew=odd, write uniform or zipf",
        "growth --keys=0, must be 1 or more",
        "table --keys=0, must be 1 or more",
        "recovery --bytes=1x, write say 1g",
        "recovery --bytes=1, keys must be 1",
        "recovery --cache=hot, write warm"})
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
