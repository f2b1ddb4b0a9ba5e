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
package io.millrace.checkpoint.store;

/** Opens the store of a job's checkpoints. */
@FunctionalInterface
public interface SnapshotStoreFactory
{
    /**
     * Opens a store, and takes hold of it. The thread that starts the job, or restarts it.
     *
     * @param context job, retention, buffers' account, and a local directory
     * @return the store, closed by the job
     * @throws IllegalStateException when another one uses it
     */
    SnapshotStore open(SnapshotStoreContext context);
}
