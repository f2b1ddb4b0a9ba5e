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
package io.millrace.core.ordering;

/**
 * Ways to get the rules wrong, each of which the simulation must notice; those of single reads and writes are in
 * {@link ScanLitmusTest}.
 */
enum Mutant
{
    NONE,
    /** Rule 2. */
    FLOOR_AFTER_CLAIM,
    /** Rule 1: a source stuck in the middle of a batch does not say how far it is. */
    NO_ADVANCE,
    /** Rule 4. */
    IDLE_BEFORE_PUBLISH,
    /** Rule 18. */
    ENDED_BEFORE_PUBLISH,
    /** Rule 13, the writer's side. */
    INJECTED_BEFORE_PUBLISH,
    /** Rule 3. */
    BROADCAST_NOT_BEFORE_BATCH,
    /** Rule 15. */
    BROADCAST_CLAIM_BEFORE_FLOOR,
    /** Rule 6. */
    CONSUMED_BEFORE_OUTPUTS,
    /** Rule 13: tasks from the merge upwards. */
    SCAN_DOWNSTREAM_FIRST,
    /** Rule 12. */
    SCAN_COUNTER_AFTER_FLOOR,
    /** Rule 13: lanes count as input. */
    SCAN_WITHOUT_LANES,
    /** Rule 14. */
    SCAN_WITHOUT_OWN_RING,
    /** Rule 8. */
    LIMIT_IGNORES_TIES,
    /** Rule 8. */
    LIMIT_OF_FIRST_CHANNEL_ONLY,
    /** Rule 9. */
    ROUND_ROBIN_TIES,
    /** Rule 10. */
    NO_LANES
}
