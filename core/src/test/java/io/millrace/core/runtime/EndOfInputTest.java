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
package io.millrace.core.runtime;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EndOfInputTest
{
    @Test
    void shouldBeReachedWhenEverySourceIsCovered()
    {
        final EndOfInput end = new EndOfInput(2);
        end.covered();
        assertFalse(end.isReached());
        end.covered();
        assertTrue(end.isReached());
    }

    @Test
    void shouldAgreeOnTheLastCheckpoint()
    {
        final EndOfInput end = new EndOfInput(0);
        assertTrue(end.answers(100));
        assertEquals(7, end.lastCheckpoint(7));
        assertEquals(7, end.lastCheckpoint(8), "the first who asks decides");
        assertTrue(end.answers(7));
        assertFalse(end.answers(8));
    }
}
