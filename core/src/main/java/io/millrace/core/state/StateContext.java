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
package io.millrace.core.state;

import io.millrace.memory.MemoryAccount;
import io.millrace.memory.table.DeltaOutlet;

/**
 * What a state backend is told of the operator instance whose state it keeps.
 *
 * @param job       name of the job
 * @param operator  uid of the operator
 * @param subtask   index of the instance
 * @param keyGroups that the instance owns
 * @param account   that off-heap memory is counted in
 * @param outlet    takes what has changed since the snapshot before; null when the job makes none
 */
public record StateContext(
    String job, String operator, int subtask, KeyGroupRange keyGroups, MemoryAccount account, DeltaOutlet outlet)
{
}
