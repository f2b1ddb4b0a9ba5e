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
package io.millrace.core.time;

/** What a {@link WatermarkGenerator} hands its watermarks to. Valid during the callback, on its thread. */
@FunctionalInterface
public interface WatermarkOutput
{
    /**
     * Says that no record with a timestamp at or below the watermark will follow, except late ones. It goes behind the
     * record of the callback, and only when it is greater than every one before; of several, the greatest counts.
     *
     * @param watermark in the pipeline's time unit
     */
    void emitWatermark(long watermark);
}
