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
package io.millrace.checkpoint.connector;

import net.openhft.chronicle.bytes.MethodReader;
import net.openhft.chronicle.queue.ExcerptTailer;

import java.util.Objects;

/** Replays each call to a receiver. */
final class MethodCallReader<W> implements DocumentReader<W>, DecodedRecord<W>
{
    private final MethodReader calls;
    private W offered;
    private boolean begun;

    MethodCallReader(final ExcerptTailer tailer, final MethodDecoder<W> decoder)
    {
        calls = tailer.methodReader(Objects.requireNonNull(decoder.receiver(this), "receiver of the method calls"));
    }

    @Override
    public int read(final W record)
    {
        offered = record;
        begun = false;
        final boolean present = calls.readOne();
        offered = null;
        if (!present)
        {
            return NOTHING;
        }
        return begun ? RECORD : PASSED_OVER;
    }

    @Override
    public W record()
    {
        if (offered == null || begun)
        {
            throw new IllegalStateException(offered == null ?
                "a record is begun when no call is being replayed: begin it in the receiver's method" :
                "a call has begun its record before: one call makes one record at most, flat map what is more");
        }
        begun = true;
        return offered;
    }
}
