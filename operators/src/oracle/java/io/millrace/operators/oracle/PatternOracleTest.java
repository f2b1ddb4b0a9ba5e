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
package io.millrace.operators.oracle;

import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.Summary;
import io.millrace.operators.SummaryFlyweight;
import io.millrace.operators.pattern.CompiledPattern;
import io.millrace.operators.pattern.EmitOrder;
import io.millrace.operators.pattern.FlatSelectFunction;
import io.millrace.operators.pattern.LimitPolicy;
import io.millrace.operators.pattern.Match;
import io.millrace.operators.pattern.MatchedEvents;
import io.millrace.operators.pattern.PatternOperator;
import io.millrace.operators.pattern.PatternSettings;
import io.millrace.operators.pattern.SelectFunction;
import io.millrace.operators.pattern.TimedOutSelection;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.functions.TimedOutPartialMatchHandler;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.operator.CepOperator;
import org.apache.flink.cep.pattern.MalformedPatternException;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Patterns: which elements each match has for each step, at which time, in which watermark; which elements are late.
 * Matches are emitted in order, as Flink does (CEP-19).
 */
class PatternOracleTest
{
    private static final int MOST_RECORDS = 12;
    /** Flink sets no timer for a match that began before the epoch. */
    private static final long AFTER_THE_EPOCH = 100;
    private static final int MOST_PARTIAL_MATCHES = 1 << 16;
    private static final TypeInformation<Tuple3<Long, Long, Long>> ELEMENT = Types.TUPLE(Types.LONG, Types.LONG, Types.LONG);
    private static final OutputTag<Tuple3<Long, Long, Long>> LATE = new OutputTag<>("late", ELEMENT);
    private static final OutputTag<String> TIMED_OUT = new OutputTag<>("timedOut", Types.STRING);

    @Test
    void shouldMatchWhatFlinkMatches() throws Exception
    {
        Oracle.compare("patterns", PatternOracleTest::script, seed ->
        {
            final PatternSpec spec = PatternSpec.random(~seed);
            final CompiledPattern<Reading> ours = ours(spec);
            final NFACompiler.NFAFactory<Tuple3<Long, Long, Long>> flinks = flinks(spec);
            if (ours == null && flinks != null)
            {
                throw new AssertionError("millrace alone refuses " + spec);
            }
            if (flinks == null)
            {
                return null;
            }
            return new Oracle.Run[] {comparable(spec, flink(spec, flinks)), comparable(spec, millrace(spec, ours))};
        }, seed -> new PatternDeviations(PatternSpec.random(~seed)));
    }

    private static Script script(final long seed)
    {
        final Script script = Script.random(seed, 1, MOST_RECORDS).later(AFTER_THE_EPOCH);
        return PatternSpec.random(~seed).hasGap() ? script.withLastOfEachKey() : script;
    }

    private static Oracle.Run comparable(final PatternSpec spec, final Oracle.Run run)
    {
        final Oracle.Run timed = spec.endsByTime() ? new Untimed(run) : run;
        return spec.hasGap() ? new Whole(timed) : timed;
    }

    private static CompiledPattern<Reading> ours(final PatternSpec spec)
    {
        try
        {
            return CompiledPattern.of(spec.ours(), duration -> duration.toMillis());
        }
        catch (final IllegalArgumentException | IllegalStateException refused)
        {
            return null;
        }
    }

    private static NFACompiler.NFAFactory<Tuple3<Long, Long, Long>> flinks(final PatternSpec spec)
    {
        try
        {
            return NFACompiler.compileFactory(spec.flinks(), true);
        }
        catch (final MalformedPatternException | UnsupportedOperationException | IllegalArgumentException refused)
        {
            return null;
        }
    }

    private static Oracle.Run flink(
        final PatternSpec spec, final NFACompiler.NFAFactory<Tuple3<Long, Long, Long>> factory)
    {
        return new FlinkRun(() -> new CepOperator<>(ELEMENT.createSerializer(new ExecutionConfig()), false, factory, null,
            spec.flinkSkip(), new Select(spec.steps().size()), LATE), LATE, TIMED_OUT);
    }

    private static Oracle.Run millrace(final PatternSpec spec, final CompiledPattern<Reading> pattern)
    {
        final int steps = spec.steps().size();
        final SelectFunction<Reading, SummaryFlyweight> masks = (match, out) -> out.sensor(mask(match, 0, steps))
            .windowEnd(mask(match, 1, steps)).count(mask(match, 2, steps)).sum(mask(match, 3, steps));
        final FlatSelectFunction<Reading, SummaryFlyweight> select = (match, out) ->
        {
            masks.select(match, out.next());
            out.emit();
        };
        final PatternSettings<Reading> settings = new PatternSettings<>(pattern, null, MOST_PARTIAL_MATCHES,
            MOST_PARTIAL_MATCHES, LimitPolicy.FAIL, EmitOrder.ORDERED, "late", new TimedOutSelection<>(
                new io.millrace.operators.function.OutputTag<>("timedOut", SummaryFlyweight.TYPE), masks));
        return new MillraceRun(spec.toString(), WindowOracleTest.factory(PatternOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, WindowOracleTest.encoder(), select, settings), PatternOracleTest::text, "late",
            "timedOut", false);
    }

    private static String text(final Summary summary)
    {
        return summary.sensor() + " " + summary.windowEnd() + " " + summary.count() + " " + summary.sum();
    }

    private static long mask(final Match<Reading> match, final int step, final int steps)
    {
        if (step >= steps)
        {
            return 0;
        }
        final MatchedEvents<Reading> events;
        try
        {
            events = match.events(PatternSpec.name(step));
        }
        catch (final IllegalArgumentException negated)
        {
            return 0;
        }
        long mask = 0;
        for (int i = 0; i < events.count(); i++)
        {
            mask |= events.get(i).value();
        }
        return mask;
    }

    /**
     * Leaves the times of matches out: one that ends in an absence (CEP-17), or that waits for one which began before
     * (CEP-19), has the time at which a limit is over, with Flink that of the next element or watermark behind it.
     *
     * @param run that has them
     */
    private record Untimed(Oracle.Run run) implements Oracle.Run
    {
        @Override
        public List<List<String>> outputs(final Script script) throws Exception
        {
            return run.outputs(script).stream()
                .map(step -> step.stream().map(output -> output.startsWith("late") ? output :
                    output.substring(0, output.indexOf('@'))).toList()).toList();
        }

        @Override
        public String toString()
        {
            return run.toString();
        }
    }

    /**
     * Has what comes out of all steps as one: Flink sets no timer for a limit of the time between two records, and so looks
     * at what is over when the next record of the key comes. Two that come after all others do that, the second since the
     * first may move a partial match to a state with the limit. No step takes their letter; what begins with them is left out.
     *
     * @param run that has the steps
     */
    private record Whole(Oracle.Run run) implements Oracle.Run
    {
        @Override
        public List<List<String>> outputs(final Script script) throws Exception
        {
            final List<List<String>> outputs = run.outputs(script);
            final List<List<String>> whole = new ArrayList<>();
            outputs.forEach(step -> whole.add(List.of()));
            whole.set(outputs.size() - 1, outputs.stream().flatMap(List::stream)
                .filter(output -> PatternDeviations.bits(output) < 1L << Script.LAST_OF_KEYS).toList());
            return whole;
        }

        @Override
        public String toString()
        {
            return run.toString();
        }
    }

    /** Makes a text of a match of Flink's. */
    private static final class Select extends PatternProcessFunction<Tuple3<Long, Long, Long>, String>
        implements TimedOutPartialMatchHandler<Tuple3<Long, Long, Long>>
    {
        private static final long serialVersionUID = 1;
        private final int steps;

        private Select(final int steps)
        {
            this.steps = steps;
        }

        @Override
        public void processMatch(
            final Map<String, List<Tuple3<Long, Long, Long>>> match, final Context context, final Collector<String> out)
        {
            out.collect(text(match));
        }

        @Override
        public void processTimedOutMatch(final Map<String, List<Tuple3<Long, Long, Long>>> match, final Context context)
        {
            context.output(TIMED_OUT, text(match));
        }

        private String text(final Map<String, List<Tuple3<Long, Long, Long>>> match)
        {
            final long[] masks = new long[4];
            for (int step = 0; step < steps; step++)
            {
                for (final Tuple3<Long, Long, Long> element : match.getOrDefault(PatternSpec.name(step), List.of()))
                {
                    masks[step] |= element.f2;
                }
            }
            return masks[0] + " " + masks[1] + " " + masks[2] + " " + masks[3];
        }
    }
}
