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
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class RecoverableStateTest
{
    private static final int KEYS = 5_000;

    @TempDir
    private Path directory;

    @Test
    void shouldGoOnFromItsCheckpoints()
    {
        fill();
        try (RecoverableState state = new RecoverableState(directory, KEYS))
        {
            assertEquals(2, state.restoredCheckpoint());
            state.process(1);
            state.verify(20_000);
        }
    }

    @Test
    void shouldFindStateThatIsNotWhatItMustBe()
    {
        fill();
        // With another number of keys the events before have been others.
        try (RecoverableState state = new RecoverableState(directory, KEYS - 1))
        {
            assertThrows(IllegalStateException.class, () -> state.verify(20_000));
        }
    }

    private void fill()
    {
        try (RecoverableState state = new RecoverableState(directory, KEYS))
        {
            state.process(KEYS);
            state.checkpoint();
            state.process(KEYS);
            state.checkpoint();
        }
    }
}
