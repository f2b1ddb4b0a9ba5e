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
package io.millrace.checkpoint.hash;

import io.millrace.checkpoint.files.StorageFiles;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a file of hashes; no other name is ever opened.
 * <pre>
 *   hashes-0000000003-0000000000000000512   the third file, its first block is that of checkpoint 512
 * </pre>
 *
 * @param number     from 1
 * @param checkpoint of its first block
 */
record HashFile(long number, long checkpoint)
{
    private static final Pattern NAME = Pattern.compile("hashes-([0-9]{10})-([0-9]{19})");

    String name()
    {
        return String.format(Locale.ROOT, "hashes-%010d-%019d", number, checkpoint);
    }

    /** The files of a directory, in the order of their numbers. */
    static List<HashFile> list(final StorageFiles files) throws IOException
    {
        final List<HashFile> found = new ArrayList<>();
        for (final String name : files.list())
        {
            final Matcher matcher = NAME.matcher(name);
            if (matcher.matches())
            {
                found.add(new HashFile(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
            }
        }
        found.sort(Comparator.comparingLong(HashFile::number));
        return found;
    }
}
