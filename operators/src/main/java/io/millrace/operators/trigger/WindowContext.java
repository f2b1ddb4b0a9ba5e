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
package io.millrace.operators.trigger;

import io.millrace.operators.function.TimeWindow;

/** What a callback of a window's function is told beside its elements. Valid during the callback. */
public interface WindowContext
{
    /**
     * The window that the callback is for. A global window reaches from {@link Long#MIN_VALUE} to
     * {@link Long#MAX_VALUE}.
     *
     * @return start and end
     */
    TimeWindow window();

    /**
     * Event time: no record at or below it will come any more, but for late ones.
     *
     * @return the watermark, in the pipeline's unit; {@link Long#MIN_VALUE} before the first
     */
    long currentWatermark();
}
