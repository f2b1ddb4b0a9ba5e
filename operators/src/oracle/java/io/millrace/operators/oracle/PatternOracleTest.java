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
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.nfa.compiler.NFACompiler;
import org.apache.flink.cep.operator.CepOperator;
import org.apache.flink.cep.pattern.MalformedPatternException;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

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

    @Test
    void shouldMatchWhatFlinkMatches() throws Exception
    {
        Oracle.compare("patterns", 1, MOST_RECORDS, AFTER_THE_EPOCH, seed ->
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
            final Oracle.Run[] runs = {flink(spec, flinks), millrace(spec, ours)};
            return spec.endsByTime() ? new Oracle.Run[] {new Untimed(runs[0]), new Untimed(runs[1])} : runs;
        });
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
            return NFACompiler.compileFactory(spec.flinks(), false);
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
            spec.flinkSkip(), new Select(spec.steps().size()), LATE), LATE);
    }

    private static Oracle.Run millrace(final PatternSpec spec, final CompiledPattern<Reading> pattern)
    {
        final int steps = spec.steps().size();
        final FlatSelectFunction<Reading, SummaryFlyweight> select = (match, out) ->
        {
            out.next().sensor(mask(match, 0, steps)).windowEnd(mask(match, 1, steps)).count(mask(match, 2, steps))
                .sum(mask(match, 3, steps));
            out.emit();
        };
        final PatternSettings<Reading> settings = new PatternSettings<>(pattern, null, MOST_PARTIAL_MATCHES,
            MOST_PARTIAL_MATCHES, LimitPolicy.FAIL, EmitOrder.ORDERED, "late", null);
        return new MillraceRun(spec.toString(), WindowOracleTest.factory(PatternOperator.class, ReadingFlyweight.TYPE,
            SummaryFlyweight.TYPE, WindowOracleTest.encoder(), select, settings), PatternOracleTest::text, "late");
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

    /** Makes a text of a match of Flink's. */
    private static final class Select extends PatternProcessFunction<Tuple3<Long, Long, Long>, String>
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
            final long[] masks = new long[4];
            for (int step = 0; step < steps; step++)
            {
                for (final Tuple3<Long, Long, Long> element : match.getOrDefault(PatternSpec.name(step), List.of()))
                {
                    masks[step] |= element.f2;
                }
            }
            out.collect(masks[0] + " " + masks[1] + " " + masks[2] + " " + masks[3]);
        }
    }
}
