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

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.operators.sink.RecordBuffer;
import io.millrace.operators.sink.RecordMetadata;
import io.millrace.operators.sink.rolling.FileTransaction.ClosedFile;
import io.millrace.operators.sink.rolling.OutputDirectory.OutputFile;
import io.millrace.operators.sink.transaction.TransactionName;
import io.millrace.operators.sink.transaction.TransactionScope;
import io.millrace.operators.sink.transaction.TransactionalTarget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Files that grow one after the other. A transaction is what was written between two barriers: the files that were closed in
 * it are shown when it is committed, and it is aborted by cutting the files back to where it began.
 *
 * @param <V> read-only view of the records
 */
final class RollingFileTarget<V> implements TransactionalTarget<FileTransaction, V>
{
    private static final Logger LOGGER = LoggerFactory.getLogger(RollingFileTarget.class);
    private static final long NO_PERIOD = Long.MIN_VALUE;

    private final OutputDirectory directory;
    private final RollingFileSettings settings;
    private final RecordEncoder<? super V> encoder;
    private final RecordBuffer buffer = new RecordBuffer();
    private final CRC32C checksum = new CRC32C();
    private FileNames names;
    private long interval;
    private boolean restored;
    /** Set in a life with another number of instances until it begins. */
    private RescaledFiles rescaled;
    private int instance;
    private boolean created;
    private OutputFile file;
    private long sequence;
    /** Of what the file has; what is in the buffer comes behind it. */
    private long length;
    private long period = NO_PERIOD;

    RollingFileTarget(
        final OutputDirectory directory, final RollingFileSettings settings, final RecordEncoder<? super V> encoder)
    {
        this.directory = directory;
        this.settings = settings;
        this.encoder = encoder;
    }

    @Override
    public void open(final TransactionScope scope)
    {
        instance = scope.instance();
        names = names(instance);
        interval = settings.interval() == null ? 0 : settings.intervalIn(scope.timeUnit());
        try
        {
            final String owner = directory.lock(names.lock(), scope.text());
            if (owner == null)
            {
                throw new IllegalStateException("files=" + place(names.shown(0)) + " and following are being written by " +
                    "another sink or process: give each sink a directory or a prefix of its own");
            }
            if (!owner.equals(scope.text()))
            {
                throw new IllegalStateException("files=" + place(names.shown(0)) + " and following belong to sink=" + owner +
                    ", not to sink=" + scope.text() + ": give each sink a directory or a prefix of its own, or, when the " +
                    "sink was renamed, delete file=" + place(names.lock()));
            }
        }
        catch (final IOException exception)
        {
            throw failed("be locked", names.lock(), exception);
        }
    }

    private FileNames names(final int of)
    {
        return new FileNames(settings.prefix(), of, settings.extension());
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        writer.putLong(sequence);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        requireDirectory();
        restored = true;
        sequence = reader.getLong();
    }

    private void requireDirectory()
    {
        if (!directory.wasThere())
        {
            throw new IllegalStateException("directory=" + directory + " has no file=" + names.lock() + ", which the sink made " +
                "before the checkpoint: it is another directory, or is not mounted; bring it back, or start afresh " +
                "without the checkpoints");
        }
    }

    @Override
    public void restoreRescaled(final List<BlobReader> parts)
    {
        if (instance < parts.size())
        {
            requireDirectory();
        }
        restored = true;
        rescaled = new RescaledFiles(directory, settings, parts.stream().mapToLong(BlobReader::getLong).toArray());
        sequence = rescaled.first();
    }

    @Override
    public FileTransaction begin(final TransactionName name)
    {
        return new FileTransaction(instance, sequence, length, period, (int)checksum.getValue());
    }

    @Override
    public void invoke(final FileTransaction transaction, final V record, final RecordMetadata metadata)
    {
        if (interval > 0)
        {
            rollAtPeriod(transaction, metadata.timestamp());
        }
        buffer.begin();
        if (isEmpty())
        {
            encoder.header(buffer);
        }
        encoder.record(record, buffer);
        buffer.end();
        if (length + buffer.ready() >= settings.maxLength())
        {
            closeFile(transaction);
        }
        else if (buffer.full())
        {
            flush();
        }
    }

    private void rollAtPeriod(final FileTransaction transaction, final long timestamp)
    {
        if (timestamp != Long.MIN_VALUE)
        {
            final long newPeriod = Math.floorDiv(timestamp, interval);
            if (newPeriod > period)
            {
                if (!isEmpty())
                {
                    closeFile(transaction);
                }
                period = newPeriod;
            }
        }
    }

    private boolean isEmpty()
    {
        return length == 0 && buffer.ready() == 0;
    }

    private void flush()
    {
        final int ready = buffer.ready();
        if (ready == 0)
        {
            return;
        }
        // Forgotten first: what cannot be written must not be tried again when the transaction is aborted.
        buffer.clear();
        try
        {
            if (file == null)
            {
                file = directory.open(names.part(sequence));
                file.truncate(length);
                created = true;
            }
            file.write(buffer.bytes(), ready);
        }
        catch (final IOException exception)
        {
            throw notWritten(ready, exception);
        }
        checksum.update(buffer.bytes(), 0, ready);
        length += ready;
    }

    private IllegalStateException notWritten(final int count, final IOException cause)
    {
        final IllegalStateException failure = new IllegalStateException("file=" + place(names.part(sequence)) +
            " cannot take bytes=" + count + " behind length=" + length + ": " + cause.getMessage() + "; usable=" +
            directory.usableSpace() + " bytes: make room for bytes=" + count + " and more, and start the job again; " +
            "nothing is lost, it goes on from its last checkpoint", cause);
        if (file != null)
        {
            try
            {
                file.truncate(length);
            }
            catch (final IOException exception)
            {
                failure.addSuppressed(exception);
            }
        }
        return failure;
    }

    private void closeFile(final FileTransaction transaction)
    {
        flush();
        force();
        release();
        transaction.closed.add(new ClosedFile(sequence, length, (int)checksum.getValue()));
        sequence++;
        length = 0;
        checksum.reset();
    }

    private void force()
    {
        if (settings.forced() && file != null)
        {
            try
            {
                file.force();
            }
            catch (final IOException exception)
            {
                throw failed("be forced to storage at length=" + length, names.part(sequence), exception);
            }
        }
    }

    private void release()
    {
        if (file != null)
        {
            final OutputFile closing = file;
            file = null;
            try
            {
                closing.close();
            }
            catch (final IOException exception)
            {
                throw failed("be closed", names.part(sequence), exception);
            }
        }
    }

    @Override
    public void finishProcessing(final FileTransaction transaction)
    {
        if (!isEmpty())
        {
            closeFile(transaction);
        }
    }

    @Override
    public void preCommit(final FileTransaction transaction)
    {
        if (settings.atCheckpoints())
        {
            finishProcessing(transaction);
        }
        flush();
        force();
        if (created)
        {
            syncDirectory();
            created = false;
        }
    }

    private void syncDirectory()
    {
        if (settings.forced())
        {
            try
            {
                directory.syncDirectory();
            }
            catch (final IOException exception)
            {
                throw failed("be synced", "", exception);
            }
        }
    }

    @Override
    public void commit(final FileTransaction transaction)
    {
        show(transaction, false);
    }

    @Override
    public void recoverAndCommit(final FileTransaction transaction)
    {
        show(transaction, true);
    }

    private void show(final FileTransaction transaction, final boolean recovering)
    {
        final FileNames of = transaction.instance == instance ? names : names(transaction.instance);
        for (final ClosedFile closed : transaction.closed)
        {
            try
            {
                show(closed, of, recovering);
            }
            catch (final IOException exception)
            {
                throw failed("be renamed to " + of.shown(closed.sequence()), of.part(closed.sequence()), exception);
            }
        }
        // Also when all were renamed before: a crash may have come between that and the sync.
        if (!transaction.closed.isEmpty())
        {
            syncDirectory();
        }
    }

    private void show(final ClosedFile closed, final FileNames of, final boolean recovering) throws IOException
    {
        final String part = of.part(closed.sequence());
        final String shown = of.shown(closed.sequence());
        final long partLength = directory.size(part);
        final long shownLength = directory.size(shown);
        if (partLength < 0 && shownLength < 0)
        {
            if (!recovering)
            {
                throw new IOException("neither is there: somebody took it away");
            }
            LOGGER.warn("file={} was shown in an earlier life and is gone: taken to be read and removed{}", place(shown),
                settings.forced() ? "" : "; as the sink is not forced(), a loss of power may have taken it too");
            return;
        }
        if (partLength >= 0 && (recovering || shownLength >= 0))
        {
            check(part, closed);
        }
        if (shownLength >= 0 && (recovering || partLength >= 0))
        {
            check(shown, closed);
        }
        if (partLength < 0)
        {
            return;
        }
        if (shownLength >= 0)
        {
            // A later checkpoint had it shown, and is lost: it was written again, the same.
            directory.delete(part);
        }
        else
        {
            directory.rename(part, shown);
        }
    }

    private void check(final String name, final ClosedFile closed) throws IOException
    {
        final long found = directory.size(name);
        final CRC32C sum = new CRC32C();
        if (found == closed.length())
        {
            directory.checksum(name, found, sum);
        }
        if (found != closed.length() || (int)sum.getValue() != closed.checksum())
        {
            throw new IllegalStateException("file=" + place(name) + " has length=" + found + " and another content than the " +
                "length=" + closed.length() + " checksum=" + Integer.toHexString(closed.checksum()) + " that the sink wrote: it " +
                "is damaged, was changed, or the job's code has changed since; move it away to go on without it");
        }
    }

    @Override
    public void abort(final FileTransaction transaction)
    {
        rewind(transaction, false);
    }

    @Override
    public void recoverAndAbort(final FileTransaction transaction)
    {
        if (rescaled == null)
        {
            rewind(transaction, true);
            return;
        }
        final FileNames of = names(transaction.instance);
        try
        {
            rescaled.end(transaction, of);
        }
        catch (final IOException exception)
        {
            throw failed("be ended at length=" + transaction.length, of.part(transaction.sequence), exception);
        }
    }

    private void rewind(final FileTransaction transaction, final boolean goingOn)
    {
        buffer.clear();
        buffer.begin();
        release();
        sequence = transaction.sequence;
        length = transaction.length;
        period = transaction.period;
        final String part = names.part(sequence);
        try
        {
            deleteParts(length == 0 ? sequence : sequence + 1);
            if (length > 0)
            {
                cut(transaction, part, goingOn);
            }
        }
        catch (final IOException exception)
        {
            throw failed("be cut to length=" + length, part, exception);
        }
        if (!goingOn)
        {
            release();
        }
    }

    private void cut(final FileTransaction transaction, final String part, final boolean goingOn) throws IOException
    {
        final String shown = names.shown(sequence);
        long found = directory.size(part);
        if (goingOn && found < length && directory.size(shown) >= length)
        {
            // A later checkpoint had it shown, and is lost: it is written again, behind a copy of its start. A part that is
            // shorter is what a crash left of such a copy.
            directory.delete(part);
            directory.copy(shown, part, length);
            created = true;
            found = length;
        }
        if (found < length)
        {
            throw new IllegalStateException("file=" + place(part) + (found < 0 ? " is gone" : " has length=" + found) +
                ", the checkpoint holds length=" + length + ": it was cut or replaced" + (settings.forced() ? "" : ", or lost " +
                "with the power since the sink is not forced()") +
                "; put it back, or start afresh without the checkpoints");
        }
        file = directory.open(part);
        file.truncate(length);
        if (goingOn)
        {
            checksum.reset();
            directory.checksum(part, length, checksum);
            if ((int)checksum.getValue() != transaction.checksum)
            {
                throw new IllegalStateException("file=" + place(part) + " is damaged: its first length=" + length +
                    " bytes have checksum=" + Long.toHexString(checksum.getValue()) + ", the checkpoint holds checksum=" +
                    Integer.toHexString(transaction.checksum) + ": put it back, or start afresh without the checkpoints");
            }
        }
    }

    private void deleteParts(final long from) throws IOException
    {
        for (final String name : directory.list())
        {
            if (names.partSequence(name) >= from)
            {
                directory.delete(name);
            }
        }
    }

    @Override
    public void fence(final TransactionName first)
    {
        if (rescaled != null)
        {
            clear(first.scope().instance());
            return;
        }
        boolean superseded = false;
        try
        {
            deleteParts(length == 0 ? sequence : sequence + 1);
            for (final String name : directory.list())
            {
                final long shown = names.shownSequence(name);
                if (shown >= sequence && !restored)
                {
                    throw new IllegalStateException("file=" + place(name) + " of the sink exists, and no checkpoint was " +
                        "restored that says where to go on: move the files away, or write to another directory or prefix");
                }
                if (shown >= sequence && settings.atCheckpoints())
                {
                    LOGGER.warn("file={} was shown by a checkpoint that is lost, and is superseded by what is written again",
                        place(name));
                    directory.rename(name, names.superseded(shown));
                    superseded = true;
                }
            }
        }
        catch (final IOException exception)
        {
            throw failed("be cleared of what an earlier life left", "", exception);
        }
        if (superseded)
        {
            syncDirectory();
        }
    }

    private void clear(final int of)
    {
        try
        {
            rescaled.clear(of, names(of));
        }
        catch (final IOException exception)
        {
            throw failed("be cleared of what an earlier life left", "", exception);
        }
        if (of == instance)
        {
            rescaled = null;
        }
    }

    private String place(final String name)
    {
        return directory + "/" + name;
    }

    private IllegalStateException failed(final String what, final String name, final IOException exception)
    {
        return new IllegalStateException("file=" + place(name) + " of the sink cannot " + what + ": " + exception.getMessage() +
            "; look after the storage, then start the job again", exception);
    }

    @Override
    public void write(final FileTransaction transaction, final BlobWriter writer)
    {
        transaction.write(writer);
    }

    @Override
    public FileTransaction read(final BlobReader reader)
    {
        return FileTransaction.read(instance, reader);
    }

    @Override
    public FileTransaction read(final TransactionName name, final BlobReader reader)
    {
        return FileTransaction.read(name.scope().instance(), reader);
    }

    @Override
    public void close()
    {
        try (directory)
        {
            release();
        }
        catch (final IOException exception)
        {
            throw failed("be unlocked", "", exception);
        }
    }
}
