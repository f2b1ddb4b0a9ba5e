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
package io.millrace.benchmarks.workload;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class KeyChoiceTest
{
    private static final long KEYS = 1_000_000;
    private static final int DRAWN = 1_000_000;

    @Test
    void shouldGiveAFifthOfTheKeysTheShareThatIsTold()
    {
        assertEquals(0.2, shareOfTheFirstFifth(KeyChoice.UNIFORM), 0.01);
        assertEquals(0.82, shareOfTheFirstFifth(KeyChoice.ZIPF), 0.01);
    }

    private static double shareOfTheFirstFifth(final KeyChoice choice)
    {
        int first = 0;
        for (int number = 0; number < DRAWN; number++)
        {
            first += choice.key(Events.mixed(number), KEYS) < KEYS / 5 ? 1 : 0;
        }
        return (double)first / DRAWN;
    }
}
