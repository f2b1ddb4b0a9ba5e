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

import net.openhft.chronicle.map.ChronicleMap;
import org.rocksdb.RocksDB;

import java.util.Objects;

/** Whether a library that Millrace does not bring along is there; nothing else here may need it. */
enum OptionalLibrary
{
    CHRONICLE_MAP("Chronicle Map cannot be loaded: add net.openhft:chronicle-map (the Millrace BOM has its version), " +
        "and start the JVM with the flags that the README lists under JVM flags"),

    ROCKSDB("RocksDB cannot be loaded: add org.rocksdb:rocksdbjni (the Millrace BOM has its version)");

    private final String remedy;

    OptionalLibrary(final String remedy)
    {
        this.remedy = remedy;
    }

    /**
     * Makes sure that it is there.
     *
     * @throws IllegalStateException when it is not
     */
    void require()
    {
        try
        {
            Objects.requireNonNull(this == ROCKSDB ? RocksDB.class : ChronicleMap.class);
        }
        catch (final LinkageError error)
        {
            throw missing(error);
        }
    }

    IllegalStateException missing(final Throwable error)
    {
        return new IllegalStateException(remedy, error);
    }
}
