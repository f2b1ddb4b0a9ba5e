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
package io.millrace.operators.sink.rolling;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the files of one instance of a sink are called. Readers take the first; a name says nothing of when it was written.
 * <pre>
 *   prefix-instance-000000000042.csv              shown
 *   prefix-instance-000000000042.csv.part         being written, or whole and waiting for its checkpoint
 *   prefix-instance-000000000042.csv.superseded   shown once, then taken back: see RollingFileSink
 *   .prefix-instance.lock                         held by the instance; says whose files they are
 * </pre>
 */
final class FileNames
{
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern EXTENSION = Pattern.compile("[A-Za-z0-9]{1,16}");
    private static final String PART = ".part";
    private static final String SUPERSEDED = ".superseded";
    private static final int DIGITS = 12;

    private final String lock;
    private final String start;
    private final String end;

    FileNames(final String prefix, final int instance, final String extension)
    {
        this.lock = "." + prefix + "-" + instance + ".lock";
        this.start = prefix + "-" + instance + "-";
        this.end = "." + extension;
    }

    static void check(final String prefix, final String extension)
    {
        if (!PREFIX.matcher(prefix).matches())
        {
            throw new IllegalArgumentException("prefix=\"" + prefix + "\" of the files must be 1 to 64 of A-Z, a-z, 0-9, _ and -");
        }
        if (!EXTENSION.matcher(extension).matches())
        {
            throw new IllegalArgumentException("extension=\"" + extension + "\" of the files must be 1 to 16 of A-Z, a-z and 0-9");
        }
    }

    String lock()
    {
        return lock;
    }

    String shown(final long sequence)
    {
        return start + String.format(Locale.ROOT, "%0" + DIGITS + "d", sequence) + end;
    }

    String part(final long sequence)
    {
        return shown(sequence) + PART;
    }

    String superseded(final long sequence)
    {
        return shown(sequence) + SUPERSEDED;
    }

    /** The sequence number of a file that is shown; -1 when the name is not one of these. */
    long shownSequence(final String name)
    {
        return name.endsWith(end) ? sequence(name, name.length() - end.length()) : -1;
    }

    /** The sequence number of a file that is not shown; -1 when the name is not one of these. */
    long partSequence(final String name)
    {
        return name.endsWith(end + PART) ? sequence(name, name.length() - end.length() - PART.length()) : -1;
    }

    private long sequence(final String name, final int to)
    {
        if (!name.startsWith(start) || to - start.length() != DIGITS)
        {
            return -1;
        }
        long sequence = 0;
        for (int i = start.length(); i < to; i++)
        {
            final char digit = name.charAt(i);
            if (digit < '0' || digit > '9')
            {
                return -1;
            }
            sequence = sequence * 10 + digit - '0';
        }
        return sequence;
    }
}
