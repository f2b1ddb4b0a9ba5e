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
package io.millrace.checkpoint.journal;

import java.nio.file.Path;

/** What a journal says of its records, for tools that have no class of them. */
public final class JournalSchema
{
    private JournalSchema()
    {
    }

    /**
     * Reads the schema of a journal.
     *
     * @param directory of the journal
     * @return text of {@link io.millrace.memory.record.RecordType#schema()}; null when nothing was ever written there
     */
    public static String of(final Path directory)
    {
        for (final Incarnation incarnation : Incarnation.list(directory))
        {
            try (FrameCursor cursor = new FrameCursor(incarnation, true))
            {
                if (cursor.next() && FrameDescriptor.kind(cursor.frame()) == FrameDescriptor.KIND_SCHEMA)
                {
                    return JournalReader.readSchema(cursor.frame());
                }
            }
        }
        return null;
    }
}
