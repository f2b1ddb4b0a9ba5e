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
package io.millrace.core.checkpoint;

import io.millrace.core.ordering.OrderLogHandler;

/** The order log of a run, for another job that takes the same inputs to follow. */
@FunctionalInterface
public interface OrderRecording
{
    /**
     * Hands out the entries.
     *
     * @param handler that takes all of them, from batch 0 on, without a gap
     * @throws IllegalStateException when the recording does not reach back to batch 0, or is damaged
     */
    void replay(OrderLogHandler handler);
}
