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
 * The journal as a source and as a sink of a pipeline, and queues of other programs as sources.
 *
 * <pre>
 *   journal --{@link io.millrace.checkpoint.connector.ChronicleQueueSource}--> stream; cause = frame number &lt;&lt; 16 | index
 *   stream --{@link io.millrace.checkpoint.connector.ChronicleQueueSink}--> journal; identity = (cause, ordinal)
 *      after a restart: records at or below the last identity in the journal are compared with it, and dropped
 *   queue of another program --{@link io.millrace.checkpoint.connector.ExistingQueueSource}--> stream; cause = document number &lt;&lt; 16
 * </pre>
 */
package io.millrace.checkpoint.connector;
