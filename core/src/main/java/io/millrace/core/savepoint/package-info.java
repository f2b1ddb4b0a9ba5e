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
/**
 * Savepoints: what a job held at one barrier, told so that another job can go on from it: one with another parallelism,
 * another plan, other records or another state backend.
 *
 * <pre>
 *   Job.savepoint(directory) --{@link io.millrace.core.savepoint.SavepointRequest}--> CheckpointService --> a directory
 *                                 with the {@link io.millrace.core.savepoint.JobDescription}
 *   JobConfig.restoringFrom({@link io.millrace.core.savepoint.SavepointFactory})
 *                                 --{@link io.millrace.core.savepoint.Savepoint}--> Job.start
 * </pre>
 */
package io.millrace.core.savepoint;
