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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.junit.jupiter.api.Assertions.fail;

/**
 * Compares two runs of many scripts, step by step. Prints the seed it begins with, a line every {@value #PROGRESS} cases,
 * and in the end how many were compared, refused, and different for a reason that decision 012 lists.
 */
final class Oracle
{
    private static final int CASES = Integer.getInteger("millrace.oracle.cases", 10_000);
    private static final long SEED = Long.getLong("millrace.oracle.seed", 1);
    private static final int MOST_SHOWN = Integer.getInteger("millrace.oracle.shown", 3);
    private static final int PROGRESS = 10_000;

    private final String kind;
    private final long began = System.nanoTime();
    private final List<String> differences = new ArrayList<>();
    private final Map<String, Integer> explained = new TreeMap<>();
    private int compared;
    private int refused;
    private int unexplained;
    private long results;

    /** Runs a script; gives what came out of each step. */
    interface Run
    {
        List<List<String>> outputs(Script script) throws Exception;
    }

    /** Makes both runs for a case, whose seed decides the parameters of the operator; null when both refuse them. */
    interface Case
    {
        Run[] flinkAndMillrace(long seed);
    }

    /** Names the listed deviation that is behind a difference, from what each step brought out; null for none. */
    interface Deviation
    {
        String of(Script script, List<List<String>> flink, List<List<String>> millrace);
    }

    private Oracle(final String kind)
    {
        this.kind = kind;
    }

    /**
     * Compares. What one step brings out is compared without regard to its order where several keys are due at once,
     * since there the order is ours (WIN-18, TIM-6, CEP-23).
     */
    static void compare(final String kind, final int inputs, final int mostRecords, final Case operators) throws Exception
    {
        compare(kind, seed -> Script.random(seed, inputs, mostRecords), operators);
    }

    /** The same with scripts of another kind. */
    static void compare(final String kind, final Scripts scripts, final Case operators) throws Exception
    {
        new Oracle(kind).run(scripts, operators, seed -> (script, flink, millrace) -> null);
    }

    /** The same where some differences have a reason, which the seed decides. */
    static void compare(final String kind, final Scripts scripts, final Case operators, final Deviations deviations)
        throws Exception
    {
        new Oracle(kind).run(scripts, operators, deviations);
    }

    /** Makes the script of a seed. */
    interface Scripts
    {
        Script of(long seed);
    }

    /** Says what differences a case may have. */
    interface Deviations
    {
        Deviation of(long seed);
    }

    private void run(final Scripts scripts, final Case operators, final Deviations deviations) throws Exception
    {
        System.out.println("oracle " + kind + ": cases=" + CASES + " from seed=" + SEED);
        for (int i = 0; i < CASES; i++)
        {
            final long seed = SEED + i;
            final Run[] runs = operators.flinkAndMillrace(seed);
            if (runs == null)
            {
                refused++;
            }
            else
            {
                compare(scripts.of(seed), runs, deviations.of(seed));
            }
            if ((i + 1) % PROGRESS == 0)
            {
                print("after seed=" + seed);
            }
        }
        print("done");
        if (unexplained != 0)
        {
            fail(kind + ": unexplained=" + unexplained + " of compared=" + compared + "\n" +
                String.join("\n", differences));
        }
    }

    private void print(final String what)
    {
        System.out.println("oracle " + kind + " " + what + ": compared=" + compared + " refused=" + refused + " results=" +
            results + " explained=" + explained + " unexplained=" + unexplained + " seconds=" +
            (System.nanoTime() - began) / 1_000_000_000);
    }

    private void compare(final Script script, final Run[] runs, final Deviation deviation) throws Exception
    {
        final List<List<String>> flink = sorted(runs[0].outputs(script));
        final List<List<String>> millrace = sorted(runs[1].outputs(script));
        compared++;
        for (final List<String> step : flink)
        {
            results += step.size();
        }
        if (flink.equals(millrace))
        {
            return;
        }
        final String reason = deviation.of(script, flink, millrace);
        if (reason != null)
        {
            explained.merge(reason, 1, Integer::sum);
            return;
        }
        unexplained++;
        if (differences.size() < MOST_SHOWN)
        {
            differences.add(difference(script, runs[1], flink, millrace));
        }
    }

    private static String difference(
        final Script script, final Run run, final List<List<String>> flink, final List<List<String>> millrace)
    {
        int step = 0;
        while (flink.get(step).equals(millrace.get(step)))
        {
            step++;
        }
        return run + " differs at step " + step + " " + script.steps().get(step) + "\n  flink    " + flink.get(step) +
            "\n  millrace " + millrace.get(step) + "\n  " + script;
    }

    private static List<List<String>> sorted(final List<List<String>> outputs)
    {
        final List<List<String>> sorted = new ArrayList<>();
        for (final List<String> output : outputs)
        {
            final List<String> copy = new ArrayList<>(output);
            Collections.sort(copy);
            sorted.add(copy);
        }
        return sorted;
    }
}
