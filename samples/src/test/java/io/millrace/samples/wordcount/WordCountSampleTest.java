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
package io.millrace.samples.wordcount;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WordCountSampleTest
{
    @Test
    void shouldCountAsAMapDoes() throws InterruptedException
    {
        final List<String> lines = WordCountSample.lines();
        final Map<String, Long> expected = new HashMap<>();
        for (final String line : lines)
        {
            for (final String word : line.split(" ", -1))
            {
                expected.merge(word, 1L, Long::sum);
            }
        }
        assertTrue(expected.get("LETTER") > 1_000, () -> "LETTER=" + expected.get("LETTER"));

        assertEquals(expected, WordCountSample.count(lines));
    }
}
