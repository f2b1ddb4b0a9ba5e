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
package io.millrace.core.chain;

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

import java.util.List;

/** What the task asks of a source's output between two polls. */
public interface SourceStamp
{
    /**
     * Sets the ingress time of the records to come.
     *
     * @param nanos as of {@link System#nanoTime()}
     */
    void ingressTime(long nanos);

    /**
     * Whether the source may be polled on.
     *
     * @return false when the output asked to stop at the last record, or a watermark was due behind it
     */
    boolean goesOn();

    /**
     * The most records to ask a source for: where watermarks are due within a few records, what lies behind them is not
     * made in vain.
     *
     * @return from 1
     */
    int batchLimit();

    /**
     * Whether the watermark has grown by the step.
     *
     * @return true to call {@link #takeWatermark()}
     */
    boolean watermarkDue();

    /**
     * Takes note of an event time that the records were given later than on their way here.
     *
     * @param timestamp of records
     */
    void observe(long timestamp);

    /**
     * The watermark now.
     *
     * @return latest event time less the lag
     */
    long takeWatermark();

    /**
     * Cause of the last record, and so of the watermark that it caused.
     *
     * @return the cause
     */
    long lastCause();

    /**
     * The record that a function of the user's was handed and has not returned from, for the message of a failure.
     *
     * @return address of its slot, or 0 when there is none or it is not known
     */
    default long currentSlot()
    {
        return 0;
    }

    /**
     * Writes how far event time has got; also before each batch of a source that is one of several.
     *
     * @param writer to write to
     */
    void snapshot(BlobWriter writer);

    /**
     * Goes on from a snapshot.
     *
     * @param reader over what {@link #snapshot} wrote
     */
    void restore(BlobReader reader);

    /**
     * Goes on from snapshots of other instances: as far as the one that was furthest behind.
     *
     * @param readers over what {@link #snapshot} of each wrote; at least one
     */
    void restoreRescaled(List<BlobReader> readers);
}
