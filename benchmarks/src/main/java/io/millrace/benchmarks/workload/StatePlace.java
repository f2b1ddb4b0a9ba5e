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

import io.millrace.checkpoint.backend.ChronicleMapBackend;
import io.millrace.checkpoint.backend.RocksDbBackend;
import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;

import java.nio.file.Path;
import java.util.Locale;

/** Where the engine keeps the state of a workload. */
public enum StatePlace
{
    /** In tables of off-heap memory. */
    OFF_HEAP,
    /** In Chronicle Maps. */
    CHRONICLE_MAP,
    /** In RocksDB. */
    ROCKSDB;

    /**
     * Name on the command line and in the output.
     *
     * @return in lower case, with hyphens
     */
    public String label()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    StateBackendFactory in(final Path directory)
    {
        return switch (this)
        {
            case OFF_HEAP -> OffHeapBackend.factory();
            case CHRONICLE_MAP -> ChronicleMapBackend.in(directory);
            case ROCKSDB -> RocksDbBackend.in(directory);
        };
    }
}
