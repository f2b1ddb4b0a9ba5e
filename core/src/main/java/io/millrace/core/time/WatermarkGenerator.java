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
 * Makes watermarks of the records by rules of its own: of marks that some records carry (punctuated), of a sequence that
 * several producers share, of a bound that adapts itself.
 * <p>
 * It sees the records and nothing else. There is no call by the clock, as Flink's {@code onPeriodicEmit} is: so the
 * same records give the same watermarks, at the same places, on every replay. For the same reason it takes
 * nothing from clocks, random numbers or other threads.
 * <p>
 * What it remembers between records is a part of the snapshot: it writes that in {@link #snapshot} and reads it in
 * {@link #restore}. A generator that remembers something and does not write it emits other watermarks after a restart
 * than it would have without. One instance serves one source instance, on its thread.
 *
 * @param <V> read-only view of the records
 */
@FunctionalInterface
public interface WatermarkGenerator<V>
{
    /**
     * Sees a record, and emits a watermark or none.
     *
     * @param view      of the record, valid during the call
     * @param timestamp of the record in the pipeline's time unit; {@link Long#MIN_VALUE} when it has none
     * @param output    takes the watermark
     */
    void onEvent(V view, long timestamp, WatermarkOutput output);

    /**
     * Writes what the generator remembers: a few words, as where a job has several sources this is called before each
     * batch, and not only at a checkpoint.
     *
     * @param writer to write to
     */
    default void snapshot(final BlobWriter writer)
    {
    }

    /**
     * Reads what {@link #snapshot} wrote. Called before the first record, only when there is a snapshot.
     *
     * @param reader over the bytes
     */
    default void restore(final BlobReader reader)
    {
    }
}
