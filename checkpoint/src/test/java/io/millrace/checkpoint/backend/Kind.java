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
package io.millrace.checkpoint.backend;

import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;

import java.nio.file.Path;

/** All backends there are. */
enum Kind
{
    OFF_HEAP, CHRONICLE_MAP, ROCKSDB;

    /** With little memory before a library, so that rows come and go. */
    StateBackendFactory in(final Path directory)
    {
        return in(directory, WriteBack.MIN_BYTES);
    }

    StateBackendFactory in(final Path directory, final long memoryOfRows)
    {
        return switch (this)
        {
            case OFF_HEAP -> OffHeapBackend.factory();
            case CHRONICLE_MAP -> ChronicleMapBackend.in(directory).entries(25_000).memory(memoryOfRows);
            case ROCKSDB -> RocksDbBackend.in(directory).memory(8 << 20).rows(memoryOfRows);
        };
    }
}
