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

import io.millrace.core.savepoint.InputDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.state.BlobReader;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a savepoint tells of the channels into one instance, by their streams. */
final class StoredInput
{
    /** Status of a channel that counts. */
    static final int ALIGNED = 2;

    final long output;
    private final Map<String, long[]> watermarks = new LinkedHashMap<>();

    StoredInput(final OperatorDescription operator, final BlobReader reader)
    {
        output = reader.getLong();
        for (final InputDescription input : operator.inputs())
        {
            final long[] channels = new long[input.channels()];
            for (int i = 0; i < channels.length; i++)
            {
                channels[i] = reader.getLong();
                reader.getInt();
            }
            watermarks.put(input.stream(), channels);
        }
    }

    /**
     * The watermark of a channel: its own when there are as many as before, else the least of the stream's.
     *
     * @param instances to look at
     * @param input     that the channel is of
     * @param channel   index in the input
     * @return {@link Long#MIN_VALUE} for a stream that was not there
     */
    static long watermark(final List<StoredInput> instances, final InputDescription input, final int channel)
    {
        long least = Long.MAX_VALUE;
        for (final StoredInput instance : instances)
        {
            final long[] stored = instance.watermarks.get(input.stream());
            if (stored == null || stored.length == 0)
            {
                return Long.MIN_VALUE;
            }
            if (stored.length == input.channels())
            {
                least = Math.min(least, stored[channel]);
            }
            else
            {
                for (final long watermark : stored)
                {
                    least = Math.min(least, watermark);
                }
            }
        }
        return least;
    }
}
