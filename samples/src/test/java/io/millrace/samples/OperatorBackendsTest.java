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
package io.millrace.samples;

import io.millrace.checkpoint.backend.ChronicleMapBackend;
import io.millrace.checkpoint.backend.RocksDbBackend;
import io.millrace.core.state.StateBackendFactory;
import io.millrace.core.testing.TrialMode;
import io.millrace.operators.testing.OperatorCase;
import io.millrace.operators.testing.OperatorCases;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every built-in operator puts out the same with its state in Chronicle Map and in RocksDB as off-heap, in every mode, and
 * when it is restored from one into the other.
 */
class OperatorBackendsTest
{
    @TempDir
    private Path directory;

    /** By turns, so that each operator meets one library. */
    static List<Arguments> cases()
    {
        final List<OperatorCase> cases = OperatorCases.all();
        final List<Arguments> arguments = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++)
        {
            arguments.add(Arguments.of(cases.get(i), i % 2 == 0));
        }
        return arguments;
    }

    @ParameterizedTest(name = "{0}, rocksDb={1}")
    @MethodSource("cases")
    void shouldPutOutTheSameOnALibrary(final OperatorCase operator, final boolean rocksDb)
    {
        // To open a library takes longer than all else: the other modes are in the slow run.
        run(operator.without(TrialMode.BATCHED, TrialMode.SHUFFLED), rocksDb, 1, 1);
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}, rocksDb={1}")
    @MethodSource("cases")
    void shouldPutOutTheSameOnBothLibrariesWithManySeeds(final OperatorCase operator, final boolean rocksDb)
    {
        run(operator, rocksDb, 2, 11);
        run(operator, !rocksDb, 1, 10);
    }

    private void run(final OperatorCase operator, final boolean rocksDb, final long first, final long last)
    {
        operator.on(rocksDb ? rocksDb() : chronicleMap());
        int results = 0;
        for (long seed = first; seed <= last; seed++)
        {
            results += operator.run(seed);
        }
        assertTrue(results > 0, "results=" + results);
    }

    private StateBackendFactory chronicleMap()
    {
        // Little memory before the maps, so that rows come and go.
        return ChronicleMapBackend.in(directory).entries(5000).memory(64 << 10);
    }

    private StateBackendFactory rocksDb()
    {
        return RocksDbBackend.in(directory).memory(8 << 20);
    }
}
