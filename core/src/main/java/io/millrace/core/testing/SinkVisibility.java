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
package io.millrace.core.testing;

/** When a sink shows what it was given. */
public enum SinkVisibility
{
    /** All that a checkpoint holds, when the sink has been told that it is complete, and nothing else. */
    AT_CHECKPOINTS,
    /** Only what a complete checkpoint holds, but maybe later than that; all of it at the end of the input. */
    AFTER_CHECKPOINTS,
    /** As it comes, and all that a checkpoint holds before it is complete; what comes again after a restart is recognised. */
    AT_ONCE
}
