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
package io.millrace.core.savepoint;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * Somebody asks for a savepoint.
 *
 * @param directory that it will be, which is not there yet
 * @param stops     whether the job ends with it; it is a checkpoint as well then, and sinks commit
 * @param drained   whether the last watermark comes before it
 * @param job       that it is of
 * @param result    completed with the directory, or with why there is no savepoint, by the thread that does the job's I/O
 */
public record SavepointRequest(
    Path directory, boolean stops, boolean drained, JobDescription job, CompletableFuture<Path> result)
{
}
