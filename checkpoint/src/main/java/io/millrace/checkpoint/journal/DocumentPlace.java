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
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;

/**
 * Where a document of a queue is, as one number that grows from document to document of an incarnation:
 * <pre>
 *   | day since 1970 of the file: 23 bits | position of the document's header in the file, in units of 4 bytes: 41 bits |
 * </pre>
 */
final class DocumentPlace
{
    private static final int POSITION_BITS = 41;
    private static final int UNIT_BITS = 2;
    private static final int NAME_LENGTH = 8;

    private DocumentPlace()
    {
    }

    static long of(final long day, final long position)
    {
        return day << POSITION_BITS | position >>> UNIT_BITS;
    }

    static long day(final long place)
    {
        return place >> POSITION_BITS;
    }

    /** Day of a queue's file, which is named like {@code 20261231F.cq4}. */
    static long day(final Path file)
    {
        final String name = String.valueOf(file.getFileName());
        try
        {
            return LocalDate.parse(name.substring(0, Math.min(NAME_LENGTH, name.length())),
                DateTimeFormatter.BASIC_ISO_DATE).toEpochDay();
        }
        catch (final DateTimeException exception)
        {
            throw new IllegalStateException("file=" + file + " is not named by a day: move what is not the journal's away",
                exception);
        }
    }

    static long position(final long place)
    {
        return (place & (1L << POSITION_BITS) - 1) << UNIT_BITS;
    }
}
