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

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every built-in operator puts out the same in every {@link io.millrace.core.testing.TrialMode}. */
class OperatorModesTest
{
    static List<OperatorCase> cases()
    {
        return OperatorCases.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldPutOutTheSameInEveryMode(final OperatorCase operator)
    {
        run(operator, 1, 2);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("cases")
    void shouldPutOutTheSameInEveryModeWithManySeeds(final OperatorCase operator)
    {
        run(operator, 3, 50);
    }

    private static void run(final OperatorCase operator, final long first, final long last)
    {
        int results = 0;
        for (long seed = first; seed <= last; seed++)
        {
            results += operator.run(seed);
        }
        assertTrue(results > 2, "results=" + results);
    }
}
