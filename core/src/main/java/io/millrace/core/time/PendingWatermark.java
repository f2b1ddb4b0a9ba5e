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
 * Keeps the greatest watermark that a generator has emitted until it is due: strictly greater than the one that was
 * forwarded last, and by the step (SEMANTICS WM-3). One thread.
 */
public final class PendingWatermark implements WatermarkOutput
{
    private final long step;
    private long greatest = Long.MIN_VALUE;
    private long forwarded = Long.MIN_VALUE;

    /**
     * Nothing emitted yet.
     *
     * @param step by which a watermark must have grown, 0 or more; 0 for any growth
     */
    public PendingWatermark(final long step)
    {
        this.step = Math.max(1, step);
    }

    @Override
    public void emitWatermark(final long watermark)
    {
        greatest = Math.max(greatest, watermark);
    }

    /**
     * Whether there is something to forward.
     *
     * @return true to call {@link #take()}
     */
    public boolean due()
    {
        // The difference of two longs, the first of which is not below the second, is exact when it is unsigned.
        return Long.compareUnsigned(greatest - forwarded, step) >= 0;
    }

    /**
     * Takes the watermark.
     *
     * @return the greatest that was emitted
     */
    public long take()
    {
        forwarded = greatest;
        return forwarded;
    }

    /**
     * Takes note of a watermark that was forwarded without this: none at or below it is due any more.
     *
     * @param watermark that was forwarded
     */
    public void forwarded(final long watermark)
    {
        greatest = Math.max(greatest, watermark);
        forwarded = Math.max(forwarded, watermark);
    }

    /**
     * Writes what a restart needs.
     *
     * @param writer to write to
     */
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(greatest).putLong(forwarded);
    }

    /**
     * Goes on from a snapshot.
     *
     * @param reader over what {@link #snapshot} wrote
     */
    public void restore(final BlobReader reader)
    {
        greatest = reader.getLong();
        forwarded = reader.getLong();
    }
}
