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
package io.millrace.checkpoint.savepoint;

import io.millrace.core.savepoint.SavepointFactory;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Savepoints in directories:
 * <pre>
 *   job.stopWithSavepoint(Path.of("/backup/before-upgrade"), false);
 *   ...
 *   new JobConfig().restoringFrom(Savepoints.in(Path.of("/backup/before-upgrade")))
 * </pre>
 * A directory may be moved, copied and deleted by its owner at any time, but while a job is started from it.
 */
public final class Savepoints
{
    private Savepoints()
    {
    }

    /**
     * The savepoint in a directory.
     *
     * @param directory that {@code Job.savepoint} made, or a copy of it; no link
     * @return opens it when the job starts
     */
    public static SavepointFactory in(final Path directory)
    {
        Objects.requireNonNull(directory, "directory");
        return account -> StoredSavepoint.open(directory, account);
    }

    /**
     * Deletes a savepoint, also one that is not complete. No job may be starting from it.
     *
     * @param directory that {@code Job.savepoint} made, or a copy of it; no link
     * @return number of files that were deleted, with the directory
     * @throws IllegalStateException when something else is in the directory, and nothing is deleted then; or when not all could be
     */
    public static int dispose(final Path directory)
    {
        return SavepointDisposal.dispose(Objects.requireNonNull(directory, "directory"));
    }
}
