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

import io.millrace.core.ordering.OrderLogHandler;
import io.millrace.core.ordering.OrderLogReader;

/** Of an order log, what lies behind a checkpoint. */
final class OrderFrom implements OrderLogReader
{
    private final OrderLogReader reader;
    private final long firstBatch;

    OrderFrom(final OrderLogReader reader, final long firstBatch)
    {
        this.reader = reader;
        this.firstBatch = firstBatch;
    }

    @Override
    public boolean read(final OrderLogHandler handler)
    {
        return reader.read((batch, kind, source, count, value, clock) ->
        {
            if (batch >= firstBatch)
            {
                handler.onEntry(batch, kind, source, count, value, clock);
            }
        });
    }

    @Override
    public void close()
    {
        reader.close();
    }
}
