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

import static org.junit.jupiter.api.Assertions.fail;

/** Compares two runs of many scripts, step by step. */
final class Oracle
{
    private static final int CASES = Integer.getInteger("millrace.oracle.cases", 10_000);
    private static final long SEED = Long.getLong("millrace.oracle.seed", 1);

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

    private Oracle()
    {
    }

    /**
     * Compares. What one step brings out is compared without regard to its order where several keys are due at once,
     * since there the order is ours (WIN-18, TIM-6, CEP-23).
     */
    static void compare(final String kind, final int inputs, final int mostRecords, final Case operators) throws Exception
    {
        System.out.println("oracle " + kind + ": cases=" + CASES + " from seed=" + SEED);
        for (long seed = SEED; seed < SEED + CASES; seed++)
        {
            final Script script = Script.random(seed, inputs, mostRecords);
            final Run[] runs = operators.flinkAndMillrace(seed);
            if (runs == null)
            {
                continue;
            }
            final List<List<String>> flink = sorted(runs[0].outputs(script));
            final List<List<String>> millrace = sorted(runs[1].outputs(script));
            for (int step = 0; step < script.steps().size(); step++)
            {
                if (!flink.get(step).equals(millrace.get(step)))
                {
                    fail(kind + " " + runs[1] + " differs at step " + step + " " + script.steps().get(step) +
                        "\n  flink    " + flink.get(step) + "\n  millrace " + millrace.get(step) + "\n  " + script);
                }
            }
        }
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
