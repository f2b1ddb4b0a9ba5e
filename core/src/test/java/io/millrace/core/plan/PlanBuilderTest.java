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
package io.millrace.core.plan;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.testing.HookOperator;
import io.millrace.core.testing.NumberSource;
import io.millrace.core.testing.ReadingFlyweight;
import io.millrace.core.testing.ReadingKeyEncoder;
import io.millrace.core.time.WatermarkStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PlanBuilderTest
{
    private static final OperatorFactory<Source> SOURCE = OperatorFactory.of(NumberSource.class, 1L);
    private static final OperatorFactory<Operator> OPERATOR = OperatorFactory.of(HookOperator.class);
    private static final OperatorFactory<KeyEncoder> ENCODER = OperatorFactory.of(ReadingKeyEncoder.class);

    private final PlanBuilder builder = new PlanBuilder("job", TimeUnit.MILLISECONDS);

    @Test
    void shouldChainWhatNoExchangeSeparates()
    {
        final PlanNode source = source("source");
        final PlanNode map = operator("map", 1, source);
        final PlanNode keyed = builder.operator("keyed", OPERATOR, ReadingFlyweight.TYPE, 2);
        builder.connect(map, null, keyed, Exchange.HASH, ENCODER);
        operator("sink", 2, keyed);
        final Plan plan = build();
        assertEquals(List.of("source -> map", "keyed -> sink"), chains(plan));
        assertEquals(3, plan.taskCount());
        assertEquals(plan.chainOf(source), plan.chainOf(map));
        assertTrue(plan.chained(plan.outputs(source).get(0)));
    }

    @Test
    void shouldChainAKeyedOperatorThatIsNotParallel()
    {
        final PlanNode source = source("source");
        final PlanNode keyed = builder.operator("keyed", OPERATOR, ReadingFlyweight.TYPE, 1);
        builder.connect(source, null, keyed, Exchange.HASH, ENCODER);
        assertEquals(List.of("source -> keyed"), chains(build()));
    }

    @Test
    void shouldStartANewChainWhereThatIsAskedFor()
    {
        final PlanNode source = source("source");
        operator("map", 1, source).startNewChain();
        assertEquals(List.of("source", "map"), chains(build()));
        assertEquals(List.of("source", "map"), chains(builder.build(128, false)));
    }

    @Test
    void shouldKeepAUnionInTheChainThatAllItsInputsAreIn()
    {
        final PlanNode source = source("source");
        final PlanNode left = operator("left", 1, source);
        final PlanNode right = operator("right", 1, source);
        operator("union", 1, left, right);
        assertEquals(List.of("source -> left -> right -> union"), chains(build()));
    }

    @Test
    void shouldBeginAChainWithAUnionOfSeveralChains()
    {
        final PlanNode left = source("left");
        final PlanNode right = source("right");
        final PlanNode union = operator("union", 1, left, right);
        operator("sink", 1, union);
        final Plan plan = build();
        assertEquals(List.of("left", "right", "union -> sink"), chains(plan));
        assertEquals(2, plan.inputs(union).size());
    }

    @Test
    void shouldRefuseADuplicateUid()
    {
        final PlanNode source = source("source");
        operator("first", 1, source).uid("same");
        operator("second", 1, source).uid("same");
        assertFails(IllegalStateException.class, "uid=same is that of two operators: #1 first and #2 second",
            this::build);
    }

    @Test
    void shouldRefuseStatefulOperatorsOfOneName()
    {
        final PlanNode source = source("source");
        operator("sums", 1, source).withState();
        operator("sums", 1, source).withState();
        assertFails(IllegalStateException.class, "so give each its own with uid(...)", this::build);
    }

    @Test
    void shouldNumberOperatorsOfOneName()
    {
        final PlanNode source = source("source");
        operator("map", 1, source);
        operator("map", 1, source);
        final PlanNode third = operator("map", 1, source).uid("third");
        assertEquals(List.of("source -> map -> map-2 -> map-3"), chains(build()));
        assertEquals("third", third.uid(), "the identity stays");
        assertEquals(List.of("source -> map -> map-2 -> map-3"), chains(build()), "building again changes nothing");
    }

    @Test
    void shouldRefuseAPlanWithoutASource()
    {
        assertFails(IllegalStateException.class, "pipeline job has no source", this::build);
    }

    @Test
    void shouldRefuseAnOperatorWithoutInput()
    {
        source("source");
        builder.operator("alone", OPERATOR, null, 1);
        assertFails(IllegalStateException.class, "operator alone has no input", this::build);
    }

    @Test
    void shouldRefuseWhatIsNotThereToConnect()
    {
        final PlanNode source = source("source");
        final PlanNode sink = builder.operator("sink", OPERATOR, null, 1);
        builder.connect(source, null, sink, Exchange.FORWARD, null);
        final PlanNode after = builder.operator("after", OPERATOR, null, 1);
        assertFails(IllegalArgumentException.class, "operator sink has no output: it is a sink",
            () -> builder.connect(sink, null, after, Exchange.FORWARD, null));
        assertFails(IllegalArgumentException.class, "operator source has no side output tag=late",
            () -> builder.connect(source, "late", after, Exchange.FORWARD, null));
        assertFails(IllegalArgumentException.class, "needs a key encoder",
            () -> builder.connect(source, null, after, Exchange.HASH, null));
        assertFails(IllegalArgumentException.class, "there are no loops",
            () -> builder.connect(source, null, source, Exchange.FORWARD, null));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 100, 1 << 16})
    void shouldRefuseAMaxParallelismThatIsNoPowerOfTwo(final int maxParallelism)
    {
        source("source");
        assertFails(IllegalArgumentException.class, "maxParallelism=" + maxParallelism + " must be a power of two",
            () -> builder.build(maxParallelism, true));
    }

    @Test
    void shouldRefuseAParallelismThatDoesNotFit()
    {
        final PlanNode source = source("source");
        final PlanNode map = operator("map", 2, source);
        assertFails(IllegalStateException.class, "operator map x2 is fed forward by source", this::build);
        assertFails(IllegalArgumentException.class, "parallelism=0 of operator map", () -> map.parallelism(0));
        map.parallelism(256);
        assertFails(IllegalStateException.class, "parallelism=256 of operator map is above maxParallelism=128",
            this::build);
    }

    @Test
    void shouldRefuseEventTimeBehindASourceWithout()
    {
        final PlanNode with = source("with");
        final PlanNode without = builder.source("without", SOURCE, ReadingFlyweight.TYPE,
            WatermarkStrategy.noWatermarks());
        final PlanNode union = operator("union", 1, with, without);
        operator("window", 1, union).withEventTime();
        assertFails(IllegalStateException.class, "operator window needs event time", this::build);
    }

    @Test
    void shouldRefuseBlankNames()
    {
        final PlanNode source = source("source");
        assertFails(IllegalArgumentException.class, "is blank", () -> source.name(" "));
        assertFails(IllegalArgumentException.class, "is blank", () -> source.uid(""));
    }

    @Test
    void shouldExplainItself()
    {
        final PlanNode source = source("source");
        source.sideOutput("late", ReadingFlyweight.TYPE);
        final PlanNode map = operator("map", 1, source);
        final PlanNode late = builder.operator("late", OPERATOR, null, 1);
        builder.connect(source, "late", late, Exchange.FORWARD, null);
        final PlanNode keyed = builder.operator("keyed", OPERATOR, ReadingFlyweight.TYPE, 2);
        builder.connect(map, null, keyed, Exchange.HASH, ENCODER);
        assertEquals("""
            pipeline job: 4 operators in 3 tasks, event time in milliseconds
              task 0: source -> map -> late
                  map is fed by source
                  late is fed by source.late
              task 1 x2: keyed
                  from map by hash, not chained: parallelism 1 before 2
            """, build().explain());
    }

    @Test
    void shouldExplainWhyOperatorsAreNotChained()
    {
        final PlanNode source = source("source");
        final PlanNode alone = operator("alone", 1, source);
        alone.startNewChain();
        final PlanNode dealt = builder.operator("dealt", OPERATOR, ReadingFlyweight.TYPE, 2);
        builder.connect(alone, null, dealt, Exchange.REBALANCE, null);
        final PlanNode keyed = builder.operator("keyed", OPERATOR, ReadingFlyweight.TYPE, 2);
        builder.connect(dealt, null, keyed, Exchange.HASH, ENCODER);
        operator("union", 1, source, alone);
        final String plan = build().explain();
        assertTrue(plan.contains("from source by forward, not chained: startNewChain()\n"), plan);
        assertTrue(plan.contains("from alone by rebalance, not chained: parallelism 1 before 2\n"), plan);
        assertTrue(plan.contains("from dealt x2 by hash, not chained: records change their instance\n"), plan);
        assertTrue(plan.contains("from alone by forward, not chained: its inputs come from several tasks"), plan);
        final String unchained = builder.build(128, false).explain();
        assertTrue(unchained.contains("from source by forward, not chained: chaining is off\n"), unchained);
    }

    @Test
    void shouldHaveAFingerprintOfWhatDecidesTheOutput()
    {
        final PlanNode source = source("source");
        final PlanNode keyed = builder.operator("keyed", OPERATOR, ReadingFlyweight.TYPE, 2);
        builder.connect(source, null, keyed, Exchange.HASH, ENCODER);
        final String fingerprint = build().fingerprint();
        assertEquals("job:128;sourcex1;keyedx2<source.HASH", fingerprint);
        assertEquals(fingerprint, builder.build(128, false).fingerprint(), "chaining decides nothing");
        keyed.name("renamed").uid("keyed");
        assertEquals(fingerprint, build().fingerprint(), "a name decides nothing");
        keyed.parallelism(4);
        assertNotEquals(fingerprint, build().fingerprint());
    }

    private static List<String> chains(final Plan plan)
    {
        return plan.chains().stream().map(ChainPlan::toString).toList();
    }

    private static void assertFails(
        final Class<? extends RuntimeException> type, final String message, final Executable executable)
    {
        final RuntimeException failure = assertThrows(type, executable);
        assertTrue(failure.getMessage().contains(message), failure.getMessage());
    }

    private Plan build()
    {
        return builder.build(128, true);
    }

    private PlanNode source(final String name)
    {
        return builder.source(name, SOURCE, ReadingFlyweight.TYPE, WatermarkStrategy.forMonotonousTimestamps());
    }

    private PlanNode operator(final String name, final int parallelism, final PlanNode... inputs)
    {
        final PlanNode node = builder.operator(name, OPERATOR, ReadingFlyweight.TYPE, parallelism);
        for (final PlanNode input : inputs)
        {
            builder.connect(input, null, node, Exchange.FORWARD, null);
        }
        return node;
    }
}
