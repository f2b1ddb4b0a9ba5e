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
import java.util.function.Function;

/** All backends there are. */
enum Kind
{
    OFF_HEAP(directory -> OffHeapBackend.factory()),
    CHRONICLE_MAP(directory -> ChronicleMapBackend.in(directory).entries(20_000)),
    ROCKSDB(directory -> RocksDbBackend.in(directory).blockCacheBytes(1 << 20).writeBufferBytes(1 << 20));

    private final Function<Path, StateBackendFactory> factory;

    Kind(final Function<Path, StateBackendFactory> factory)
    {
        this.factory = factory;
    }

    StateBackendFactory in(final Path directory)
    {
        return factory.apply(directory);
    }
}
