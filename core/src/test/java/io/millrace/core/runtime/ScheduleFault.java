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

/** What is wrong with the engine or what it stands on, on purpose: schedules must find it. */
enum ScheduleFault
{
    NONE,
    /** The store loses a chunk of a task. */
    CHUNK_LOST,
    /** A checkpoint is complete before every task has acknowledged it. */
    COMPLETE_EARLY,
    /** Output is shown before the order that it depends on is kept. */
    SHOWN_BEFORE_KEPT,
    /** A checkpoint is complete before the order that it depends on is kept. */
    BARRIER_BEFORE_KEPT,
    /** The sink commits at the barrier. */
    COMMIT_AT_BARRIER,
    /** The sink forgets what a restored checkpoint has to commit. */
    COMMIT_FORGOTTEN,
    /** A source claims its place before it says how low it may be. */
    FLOOR_AFTER_CLAIM,
    /** A barrier is not set before the batch that it was claimed before. */
    BARRIER_NOT_BEFORE_BATCH
}
