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

import io.millrace.core.checkpoint.CheckpointContext;
import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.testing.InMemoryCheckpoints;
import io.millrace.memory.MemoryAccount;

import java.util.List;

/** A task's part in checkpoints that nobody stores. */
final class SilentSnapshot
{
    private SilentSnapshot()
    {
    }

    static TaskSnapshot create(final MemoryAccount account)
    {
        final CheckpointService service = new InMemoryCheckpoints(0).open(new CheckpointContext("job", "", 1, account));
        return new TaskSnapshot(0, 0, service, service.outlet(0), List.of(), account, List.of(), null, null);
    }
}
