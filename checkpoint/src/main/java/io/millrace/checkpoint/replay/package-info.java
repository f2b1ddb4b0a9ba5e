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
 * Replays: what a job did, from its journals, its order log and its checkpoints, once more or with changed code, beside the
 * original and without touching it.
 *
 * <pre>
 *   journals  --&gt; {@link io.millrace.checkpoint.replay.ReplayablePipeline} --&gt; outputs in a scratch directory
 *   order log --&gt;     one thread, INVOKER                                        |
 *   checkpoint --&gt;    {@link io.millrace.checkpoint.replay.Replay}                   compared with recorded outputs, hashes
 *                                                                        --&gt; {@link io.millrace.checkpoint.replay.ReplayReport}
 *   {@link io.millrace.checkpoint.replay.ReplayStepper}  the same record by record
 * </pre>
 */
package io.millrace.checkpoint.replay;
