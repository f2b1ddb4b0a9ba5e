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

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * The files of a life with another number of instances. Each instance's last file ends where the savepoint has it, and is shown;
 * files go on with numbers above all of before. What lives behind the savepoint have shown is superseded. All of that can be done
 * again after a crash.
 */
final class RescaledFiles
{
    private static final Logger LOGGER = LoggerFactory.getLogger(RescaledFiles.class);

    private final OutputDirectory directory;
    private final RollingFileSettings settings;
    /** Number of the last file of each instance of before. */
    private final long[] last;
    /** For each of them the first number that the savepoint does not know. */
    private final long[] unknown;

    RescaledFiles(final OutputDirectory directory, final RollingFileSettings settings, final long... last)
    {
        this.directory = directory;
        this.settings = settings;
        this.last = last.clone();
        this.unknown = last.clone();
    }

    /** Number of the first file of every instance. */
    long first()
    {
        long first = 0;
        for (final long sequence : last)
        {
            first = Math.max(first, sequence + 1);
        }
        return first;
    }

    /** Ends the file that was open when a transaction began. */
    void end(final FileTransaction transaction, final FileNames names) throws IOException
    {
        if (transaction.length == 0)
        {
            return;
        }
        unknown[transaction.instance] = transaction.sequence + 1;
        final String part = names.part(transaction.sequence);
        final String shown = names.shown(transaction.sequence);
        final long shownLength = directory.size(shown);
        if (shownLength == transaction.length)
        {
            check(shown, transaction);
            return;
        }
        if (shownLength > transaction.length && directory.size(part) != transaction.length)
        {
            // A later checkpoint had it shown, and is lost. A part that is shorter is what a crash left of such a copy.
            directory.delete(part);
            directory.copy(shown, part, transaction.length);
        }
        final long partLength = directory.size(part);
        if (partLength < 0 && shownLength < 0)
        {
            LOGGER.warn("file={}/{} was open at the savepoint and is gone: taken to be shown by an earlier life, read and removed",
                directory, shown);
            return;
        }
        if (partLength < transaction.length)
        {
            throw new IllegalStateException("file=" + directory + "/" + part + " has length=" + partLength +
                ", the savepoint holds length=" + transaction.length + ": it was cut or replaced; put it back, or start afresh");
        }
        cut(part, transaction);
        check(part, transaction);
        if (shownLength >= 0)
        {
            supersede(names, transaction.sequence);
        }
        directory.rename(part, shown);
    }

    private void cut(final String part, final FileTransaction transaction) throws IOException
    {
        try (OutputDirectory.OutputFile file = directory.open(part))
        {
            file.truncate(transaction.length);
            if (settings.forced())
            {
                file.force();
            }
        }
    }

    private void check(final String name, final FileTransaction transaction) throws IOException
    {
        final CRC32C sum = new CRC32C();
        directory.checksum(name, transaction.length, sum);
        if ((int)sum.getValue() != transaction.checksum)
        {
            throw new IllegalStateException("file=" + directory + "/" + name + " is damaged: its first length=" + transaction.length +
                " bytes have checksum=" + Long.toHexString(sum.getValue()) + ", the savepoint holds checksum=" +
                Integer.toHexString(transaction.checksum) + ": put it back, or start afresh without the savepoint");
        }
    }

    private void supersede(final FileNames names, final long sequence) throws IOException
    {
        LOGGER.warn("file={}/{} was shown behind the savepoint, and is superseded by what is written again",
            directory, names.shown(sequence));
        directory.rename(names.shown(sequence), names.superseded(sequence));
    }

    /** Clears an instance of what lives behind the savepoint left, when all of before is shown. */
    void clear(final int instance, final FileNames names) throws IOException
    {
        final long from = instance < last.length ? unknown[instance] : first();
        for (final String name : directory.list())
        {
            if (names.partSequence(name) >= 0)
            {
                directory.delete(name);
            }
            else if (names.shownSequence(name) >= from)
            {
                supersede(names, names.shownSequence(name));
            }
        }
        if (settings.forced())
        {
            directory.syncDirectory();
        }
    }
}
