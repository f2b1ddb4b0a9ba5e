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
 * The contracts between the running tasks and what lasts: the service that keeps their checkpoints, the journal that
 * keeps what an application published, and the one that keeps the order in which several sources took turns.
 *
 * <pre>
 *   source task  --requestedCheckpoint()--> barrier into its rings
 *   every task   --chunks of delta--------> {@link io.millrace.core.checkpoint.CheckpointService} --I/O thread--> disk
 *                --acknowledge(task, id)-->
 *                &lt;--completedCheckpoint()--
 *   at start     {@link io.millrace.core.checkpoint.CheckpointService#restore} --chunks--> RestoreTarget
 *
 *   ingress source  --IngressFrame--> {@link io.millrace.core.checkpoint.IngressJournal} --written()--> emitted
 *   after a restart &lt;--replay-- from the frame that the checkpoint names, then the live ring
 *
 *   several sources --OrderLogRing--log thread--> {@link io.millrace.core.checkpoint.OrderJournal} --flush()--> output may be shown
 *   after a restart &lt;--replay-- from the batch behind the checkpoint's barrier, then live
 * </pre>
 */
package io.millrace.core.checkpoint;
