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

import io.millrace.core.state.KeyedTable;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.memory.table.KeyHash;

import java.io.IOException;
import java.nio.file.Path;

/** A process that writes state without end, until it is killed. */
final class HoldStateMain
{
    /** More than memory holds, so that the library is at work when the process is killed. */
    private static final long KEYS = 10_000;

    private HoldStateMain()
    {
    }

    /**
     * Writes.
     *
     * @param arguments name of the backend, directory
     */
    public static void main(final String[] arguments) throws IOException
    {
        final MemoryAccount account = new MemoryAccount("other process");
        final TestState state = new TestState(
            Kind.valueOf(arguments[0]).in(Path.of(arguments[1])), "operator", account);
        final KeyedTable table = state.backend.keyedTable("numbers", 8, 8);
        final Region key = Region.allocate(account, "key", 8);
        System.out.println("open");
        for (long number = 0; ; number++)
        {
            Memory.putLong(key.address(), number % KEYS);
            Memory.putLong(table.upsert(KeyHash.hash(number % KEYS), key.address()), number);
            table.written();
            if (number == 5 * KEYS)
            {
                System.out.println("written");
            }
        }
    }
}
