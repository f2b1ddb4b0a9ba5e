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
package io.millrace.checkpoint.order;

import io.millrace.checkpoint.files.Fuzzer;
import io.millrace.checkpoint.files.SyncLevel;
import io.millrace.checkpoint.store.ModelFiles;
import io.millrace.core.ordering.OrderLog;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** T19 for the order log: damaged files, with and without the right checksums. */
@Tag("laboratory")
class OrderFuzzTest
{
    private static final long PLAN = 7;
    private static final long MANY_ENTRIES = 100_000;

    private final MemoryAccount account = new MemoryAccount("test");

    @Test
    void shouldReadOrRefuseDamagedFiles() throws IOException
    {
        final ModelFiles files = new ModelFiles();
        try (OrderFiles log = new OrderFiles(files, "fuzz", SyncLevel.PROCESS, false, PLAN, 1 << 20, account))
        {
            for (long batch = 0; batch < 60; batch++)
            {
                log.onEntry(batch, batch % 9 == 0 ? OrderLog.KIND_BARRIER : OrderLog.KIND_RECORDS, (int)(batch / 5 % 2),
                    1 + (int)(batch / 7), batch, batch * 1_000_003);
                if (batch % 20 == 19)
                {
                    log.flush();
                }
            }
        }
        final OrderFile file = OrderFile.list(files).get(0);
        try (OrderFileReader reader = new OrderFileReader(files, "fuzz", PLAN, account))
        {
            Fuzzer.of("order log", files.content(file.name()))
                .sealed(input -> Fuzzer.sealFrames(input, Integer.BYTES, OrderFrameDescriptor.HEADER_LENGTH, false))
                .documented(IllegalStateException.class).run(input ->
                {
                    files.content(file.name(), input);
                    final long[] entries = new long[1];
                    final long end = reader.read(List.of(file), 0, (batch, kind, source, count, value, clock) ->
                    {
                        if (++entries[0] > MANY_ENTRIES)
                        {
                            // One run may say so many: that takes time, but no memory.
                            throw new IllegalStateException("many");
                        }
                    });
                    assertEquals(end, entries[0], "each batch before the end is handed out once");
                });
        }
        assertEquals(0, account.allocatedBytes());
    }
}
