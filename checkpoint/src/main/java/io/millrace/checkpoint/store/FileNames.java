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
package io.millrace.checkpoint.store;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the store's files. No other name is ever opened, wherever it comes from.
 * <pre>
 *   checkpoint-0000000000000000012.data    the chunks of checkpoint 12
 *   base-0000000000000000003.data          the third base that a chain was compacted into
 *   manifest-0000000000000000012           what checkpoint 12 consists of; its rename makes the checkpoint complete
 *   manifest-0000000000000000012.tmp       before the rename
 * </pre>
 */
final class FileNames
{
    private static final Pattern DELTA = Pattern.compile("checkpoint-([0-9]{19})\\.data");
    private static final Pattern BASE = Pattern.compile("base-([0-9]{19})\\.data");
    private static final Pattern MANIFEST = Pattern.compile("manifest-([0-9]{19})");
    private static final Pattern TEMPORARY = Pattern.compile("manifest-([0-9]{19})\\.tmp");

    private FileNames()
    {
    }

    static String delta(final long checkpoint)
    {
        return String.format(Locale.ROOT, "checkpoint-%019d.data", checkpoint);
    }

    static String base(final long number)
    {
        return String.format(Locale.ROOT, "base-%019d.data", number);
    }

    static String manifest(final long checkpoint)
    {
        return String.format(Locale.ROOT, "manifest-%019d", checkpoint);
    }

    static String temporary(final long checkpoint)
    {
        return String.format(Locale.ROOT, "manifest-%019d.tmp", checkpoint);
    }

    /** Number of the checkpoint whose chunks or manifest the file holds, -1 when it is another file. */
    static long checkpoint(final String name)
    {
        return Math.max(number(DELTA, name), Math.max(number(MANIFEST, name), number(TEMPORARY, name)));
    }

    static long baseNumber(final String name)
    {
        return number(BASE, name);
    }

    static long deltaNumber(final String name)
    {
        return number(DELTA, name);
    }

    static long manifestNumber(final String name)
    {
        return number(MANIFEST, name);
    }

    static boolean isData(final String name)
    {
        return number(DELTA, name) >= 0 || number(BASE, name) >= 0;
    }

    /** Whether the store made it, and may delete it. */
    static boolean isOurs(final String name)
    {
        return checkpoint(name) >= 0 || baseNumber(name) >= 0;
    }

    private static long number(final Pattern pattern, final String name)
    {
        final Matcher matcher = pattern.matcher(name);
        if (!matcher.matches())
        {
            return -1;
        }
        try
        {
            return Long.parseLong(matcher.group(1));
        }
        catch (final NumberFormatException exception)
        {
            // Nineteen digits can be more than a long holds: then it is none of ours.
            return -1;
        }
    }
}
