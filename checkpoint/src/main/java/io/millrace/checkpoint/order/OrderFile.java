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
package io.millrace.checkpoint.order;

import io.millrace.checkpoint.files.StorageFiles;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a file of the order log; no other name is ever opened.
 * <pre>
 *   order-0000000003-0000000000000000512   the third file: goes on at batch 512, whatever the one before holds from there on
 * </pre>
 *
 * @param number     from 1
 * @param firstBatch of the file
 */
record OrderFile(long number, long firstBatch)
{
    private static final Pattern NAME = Pattern.compile("order-([0-9]{10})-([0-9]{19})");

    String name()
    {
        return String.format(Locale.ROOT, "order-%010d-%019d", number, firstBatch);
    }

    /** The files of a directory, in the order of their numbers. */
    static List<OrderFile> list(final StorageFiles files) throws IOException
    {
        final List<OrderFile> found = new ArrayList<>();
        for (final String name : files.list())
        {
            final Matcher matcher = NAME.matcher(name);
            if (matcher.matches())
            {
                found.add(new OrderFile(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
            }
        }
        found.sort(Comparator.comparingLong(OrderFile::number));
        return found;
    }
}
