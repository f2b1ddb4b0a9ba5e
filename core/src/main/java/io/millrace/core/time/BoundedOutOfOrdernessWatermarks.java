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

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

/**
 * Lags behind the latest timestamp by a bound and one (SEMANTICS WM-2). For streams in the middle of a pipeline, and to
 * build on: sources with {@link WatermarkStrategy#forBoundedOutOfOrderness} do the same without calling a generator.
 */
public final class BoundedOutOfOrdernessWatermarks implements WatermarkGenerator<Object>
{
    private final long lag;
    private long maxTimestamp = Long.MIN_VALUE;

    /**
     * A generator.
     *
     * @param bound by which a record may be behind the latest one, in the pipeline's time unit; 0 or more
     */
    public BoundedOutOfOrdernessWatermarks(final long bound)
    {
        if (bound < 0 || bound == Long.MAX_VALUE)
        {
            throw new IllegalArgumentException("bound=" + bound + " of out-of-orderness must be from 0 to " +
                (Long.MAX_VALUE - 1));
        }
        this.lag = bound + 1;
    }

    @Override
    public void onEvent(final Object view, final long timestamp, final WatermarkOutput output)
    {
        if (timestamp > maxTimestamp)
        {
            maxTimestamp = timestamp;
            output.emitWatermark(timestamp < Long.MIN_VALUE + lag ? Long.MIN_VALUE : timestamp - lag);
        }
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(maxTimestamp);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        maxTimestamp = reader.getLong();
    }
}
