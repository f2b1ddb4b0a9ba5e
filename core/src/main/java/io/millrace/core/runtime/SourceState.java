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

/** What a source does, as far as event time goes. */
public enum SourceState
{
    /** Its watermark follows from its records. */
    ACTIVE,
    /** It is ahead of its alignment group, and takes no new records until the others have come up. */
    WAITING,
    /** It has been silent for so long that nobody waits for it. */
    IDLE,
    /** No record will follow. */
    ENDED
}
