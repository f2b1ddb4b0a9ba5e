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
package io.millrace.operators.testing;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every built-in operator puts out the same in every {@link io.millrace.core.testing.TrialMode}. */
class OperatorModesTest
{
    private static final int SEEDS = Integer.getInteger("millrace.trial.seeds", 2);

    static List<OperatorCase> cases()
    {
        return OperatorCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldPutOutTheSameInEveryMode(final OperatorCase operator)
    {
        int results = 0;
        for (long seed = 1; seed <= SEEDS; seed++)
        {
            results += operator.run(seed);
        }
        assertTrue(results > SEEDS, "results=" + results);
    }
}
