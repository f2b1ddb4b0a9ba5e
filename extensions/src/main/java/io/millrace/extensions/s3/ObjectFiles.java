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
package io.millrace.extensions.s3;

import io.millrace.checkpoint.files.StorageFailedException;
import io.millrace.checkpoint.files.StorageFiles;
import io.millrace.extensions.s3.Listing.StoredFile;
import io.millrace.extensions.s3.ObjectBucket.ConditionFailedException;
import io.millrace.extensions.s3.ObjectBucket.Content;
import io.millrace.extensions.s3.ObjectBucket.NoConditionsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A flat directory of files, each an object, and one object that lists them. A file is durable and visible when the
 * listing that names it was put, which {@link #rename} does; all that were closed before are listed with it. Files with
 * the suffix {@code .tmp} are held in memory until they are renamed. Deleted files go when a listing without them is
 * there. The I/O thread.
 */
final class ObjectFiles implements StorageFiles, AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(ObjectFiles.class);
    private static final String TEMPORARY = ".tmp";
    private static final int ATTEMPTS = 5;
    /** What is read at a time at least, where the file has so much. */
    private static final int WINDOW_LENGTH = 4 << 20;

    private final ObjectBucket bucket;
    private final String prefix;
    private final String listingKey;
    private final String owner;
    private final int partLength;
    /** Whether the store refuses to put over a listing that another life has put. */
    private boolean conditional = true;
    private final Map<String, StoredFile> files = new HashMap<>();
    private final Map<String, byte[]> temporaries = new HashMap<>();
    private final List<String> doomed = new ArrayList<>();
    private byte[] spare;
    private long life;
    private String tag;
    private boolean wasClean;
    private boolean doubtful;

    private ObjectFiles(final ObjectBucket bucket, final String prefix, final String owner, final int partLength)
    {
        this.bucket = bucket;
        this.prefix = prefix;
        this.listingKey = prefix + "/directory";
        this.owner = owner;
        this.partLength = partLength;
    }

    /**
     * Opens the directory, and takes it over from whoever had it.
     *
     * @param owner a name that no other life has, of letters and digits
     * @throws StorageFailedException when the store cannot be reached, or the listing is damaged
     */
    static ObjectFiles open(final ObjectBucket bucket, final String prefix, final String owner, final int partLength)
    {
        final ObjectFiles files = new ObjectFiles(bucket, prefix, owner, partLength);
        try
        {
            files.takeOver();
            files.probeConditions();
            files.deleteOrphans();
            return files;
        }
        catch (final IOException exception)
        {
            throw new StorageFailedException("cannot open checkpoints in " + files + ": " + exception.getMessage() +
                ": see that the store can be reached and written, then start the job again", exception);
        }
    }

    private void takeOver() throws IOException
    {
        for (int i = 0; i < ATTEMPTS; i++)
        {
            Listing before = new Listing(0, "none", true, Map.of());
            String condition = null;
            try
            {
                final Content content = bucket.get(listingKey);
                before = decode(content);
                condition = content.tag();
            }
            catch (final FileNotFoundException none)
            {
                LOGGER.debug("there is no listing yet: {}", none.getMessage());
            }
            final boolean mine = before.owner().equals(owner);
            life = mine ? before.life() : before.life() + 1;
            if (mine || put(new Listing(life, owner, false, before.files()).encode(), condition))
            {
                tag = mine ? condition : tag;
                wasClean = before.clean();
                files.putAll(before.files());
                return;
            }
        }
        throw new IOException("other lives of the job took it over as well, attempts=" + ATTEMPTS +
            ": stop those that should not run");
    }

    /** Puts the first listing of this life; false when another life came before. */
    private boolean put(final byte[] bytes, final String condition) throws IOException
    {
        try
        {
            tag = condition == null ? bucket.putNew(listingKey, bytes) : bucket.putOver(listingKey, bytes, condition);
            return true;
        }
        catch (final ConditionFailedException exception)
        {
            return false;
        }
        catch (final NoConditionsException exception)
        {
            conditional = false;
            tag = bucket.putOver(listingKey, bytes, null);
            return true;
        }
    }

    /** A store that puts what must not be put knows no conditions. */
    private void probeConditions() throws IOException
    {
        if (conditional)
        {
            try
            {
                tag = bucket.putNew(listingKey, new Listing(life, owner, false, files).encode());
                conditional = false;
            }
            catch (final ConditionFailedException expected)
            {
                return;
            }
            catch (final NoConditionsException exception)
            {
                conditional = false;
            }
        }
        LOGGER.warn("the store of {} puts without conditions: another life of the job that still runs is noticed before " +
            "each checkpoint, but not in the moment between; see to it that there is none", this);
    }

    private void deleteOrphans() throws IOException
    {
        for (final String key : bucket.list(prefix + '/'))
        {
            final String[] parts = key.substring(prefix.length() + 1).split("/", -1);
            if (parts.length == 2 && parts[0].matches("[0-9]{16}") && Long.parseLong(parts[0]) < life)
            {
                final StoredFile file = files.get(parts[1]);
                if (file == null || file.life() != Long.parseLong(parts[0]))
                {
                    bucket.delete(key);
                }
            }
        }
    }

    private Listing decode(final Content content)
    {
        try
        {
            return Listing.decode(content.bytes());
        }
        catch (final IllegalArgumentException exception)
        {
            throw new StorageFailedException("listing " + bucket.name(listingKey) + " is damaged: " +
                exception.getMessage() + ": bring back an earlier version of it, or use another prefix", exception);
        }
    }

    private String key(final String name, final long writtenBy)
    {
        return prefix + '/' + String.format("%016d", writtenBy) + '/' + name;
    }

    boolean wasClean()
    {
        return wasClean;
    }

    /** Says in the listing that this life stops in order; when that cannot be said, the next one trusts nothing local. */
    void markClean()
    {
        try
        {
            commit(true);
        }
        catch (final IOException exception)
        {
            LOGGER.warn("{} is not marked clean: {}", this, exception.getMessage());
        }
    }

    /** Puts the listing; what it names is there from then on. */
    private void commit(final boolean clean) throws IOException
    {
        final byte[] bytes = new Listing(life, owner, clean, files).encode();
        if (bytes.length > Listing.MAX_LENGTH)
        {
            throw new IOException("its listing has length=" + bytes.length + ", the most is " + Listing.MAX_LENGTH);
        }
        doubtful = true;
        if (!conditional)
        {
            checkOwner(bucket.get(listingKey));
            tag = bucket.putOver(listingKey, bytes, null);
        }
        else if (!putConditionally(bytes))
        {
            throw new IOException("the listing of " + this + " changes under way: puts that were given up arrive late");
        }
        doubtful = false;
        deleteDoomed();
    }

    private boolean putConditionally(final byte[] bytes) throws IOException
    {
        for (int i = 0; i < ATTEMPTS; i++)
        {
            try
            {
                tag = bucket.putOver(listingKey, bytes, tag);
                return true;
            }
            catch (final ConditionFailedException | FileNotFoundException exception)
            {
                final Content found = bucket.get(listingKey);
                checkOwner(found);
                tag = found.tag();
                if (Arrays.equals(found.bytes(), bytes))
                {
                    // It had arrived, and the answer was lost.
                    return true;
                }
            }
        }
        return false;
    }

    private void checkOwner(final Content found)
    {
        final Listing listing = decode(found);
        if (!listing.owner().equals(owner))
        {
            throw new StorageFailedException("another life of the job has taken over " + this + ": life=" +
                listing.life() + ", this one is life=" + life + ": it must stop, and commit nothing", null);
        }
    }

    private void deleteDoomed()
    {
        try
        {
            while (!doomed.isEmpty())
            {
                bucket.delete(doomed.get(doomed.size() - 1));
                doomed.remove(doomed.size() - 1);
            }
        }
        catch (final IOException exception)
        {
            // Only space: the next commit tries again, or the next life.
            LOGGER.debug("{} keeps what is not needed: {}", this, exception.getMessage());
        }
    }

    @Override
    public WritableFile create(final String name) throws IOException
    {
        if (files.containsKey(name))
        {
            throw new IOException("file=" + name + " is there already in " + this);
        }
        return name.endsWith(TEMPORARY) ? new TemporaryFile(name) : new UploadedFile(name);
    }

    @Override
    public ReadableFile open(final String name) throws IOException
    {
        final StoredFile file = files.get(name);
        if (file == null)
        {
            throw new FileNotFoundException("file=" + name + " is not in " + this);
        }
        return new DownloadedFile(key(name, file.life()), file.length());
    }

    @Override
    public void sync(final String name)
    {
        // What was put is durable.
    }

    @Override
    public void rename(final String from, final String to) throws IOException
    {
        final byte[] bytes = temporaries.get(from);
        if (bytes == null)
        {
            throw new FileNotFoundException("file=" + from + " is not in " + this);
        }
        doubtful = true;
        bucket.put(key(to, life), bytes, bytes.length);
        final StoredFile before = files.put(to, new StoredFile(life, bytes.length));
        boolean committed = false;
        try
        {
            commit(false);
            committed = true;
        }
        finally
        {
            if (!committed)
            {
                restore(to, before);
            }
        }
        temporaries.remove(from);
    }

    private void restore(final String name, final StoredFile before)
    {
        doomed.add(key(name, life));
        if (before == null)
        {
            files.remove(name);
        }
        else
        {
            files.put(name, before);
        }
    }

    @Override
    public void delete(final String name)
    {
        temporaries.remove(name);
        final StoredFile file = files.remove(name);
        if (file != null)
        {
            doomed.add(key(name, file.life()));
        }
    }

    @Override
    public void syncDirectory()
    {
        // A rename has put the listing.
    }

    @Override
    public List<String> list()
    {
        final List<String> names = new ArrayList<>(files.keySet());
        names.addAll(temporaries.keySet());
        return names;
    }

    /** Asks a store that has failed before whether it is back, before any task is asked for anything. */
    @Override
    public long usableSpace() throws IOException
    {
        if (doubtful)
        {
            checkOwner(bucket.get(listingKey));
        }
        return Long.MAX_VALUE;
    }

    @Override
    public boolean mayRecover()
    {
        return true;
    }

    @Override
    public String toString()
    {
        return bucket.name(prefix);
    }

    @Override
    public void close()
    {
        bucket.close();
    }

    private byte[] takePart()
    {
        final byte[] part = spare == null ? new byte[partLength] : spare;
        spare = null;
        return part;
    }

    private final class TemporaryFile implements WritableFile
    {
        private final String name;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        private TemporaryFile(final String name)
        {
            this.name = name;
        }

        @Override
        public void write(final ByteBuffer bytes)
        {
            final byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            content.writeBytes(copy);
        }

        @Override
        public void sync()
        {
        }

        @Override
        public void close()
        {
            temporaries.put(name, content.toByteArray());
        }
    }

    /** One object, put whole when it is short, in parts when it is long. */
    private final class UploadedFile implements WritableFile
    {
        private final String name;
        private final String key;
        private final List<CompletedPart> parts = new ArrayList<>();
        private byte[] part = takePart();
        private String upload;
        private int filled;
        private long length;

        private UploadedFile(final String name)
        {
            this.name = name;
            this.key = key(name, life);
        }

        @Override
        public void write(final ByteBuffer bytes) throws IOException
        {
            while (bytes.hasRemaining())
            {
                if (filled == part.length)
                {
                    flush();
                }
                final int piece = Math.min(bytes.remaining(), part.length - filled);
                bytes.get(part, filled, piece);
                filled += piece;
                length += piece;
            }
        }

        private void flush() throws IOException
        {
            doubtful = true;
            if (upload == null)
            {
                upload = bucket.beginParts(key);
            }
            parts.add(bucket.putPart(key, upload, parts.size() + 1, part, filled));
            filled = 0;
            doubtful = false;
        }

        @Override
        public void sync()
        {
        }

        @Override
        public void close() throws IOException
        {
            if (part == null)
            {
                return;
            }
            if (upload != null)
            {
                if (filled > 0)
                {
                    flush();
                }
                doubtful = true;
                bucket.completeParts(key, upload, parts);
            }
            else
            {
                doubtful = true;
                bucket.put(key, part, filled);
            }
            doubtful = false;
            upload = null;
            files.put(name, new StoredFile(life, length));
            release();
        }

        private void release()
        {
            spare = part;
            part = null;
        }

        @Override
        public void discard()
        {
            if (part == null)
            {
                return;
            }
            release();
            doomed.add(key);
            if (upload == null)
            {
                return;
            }
            try
            {
                bucket.abortParts(key, upload);
            }
            catch (final IOException exception)
            {
                // Only space: the store's rule for parts that nobody completes clears it.
                LOGGER.debug("parts of {} stay in {}: {}", key, ObjectFiles.this, exception.getMessage());
            }
        }
    }

    /** One object, read in windows. What the store has not got is damage; one that cannot be reached is none. */
    private final class DownloadedFile implements ReadableFile
    {
        private final String key;
        private final long length;
        private byte[] window = new byte[0];
        private long windowStart;

        private DownloadedFile(final String key, final long length)
        {
            this.key = key;
            this.length = length;
        }

        @Override
        public long size()
        {
            return length;
        }

        @Override
        public void read(final long position, final ByteBuffer bytes) throws IOException
        {
            if (position + bytes.remaining() > length)
            {
                throw new EOFException(key + " has length=" + length + ", not " + (position + bytes.remaining()));
            }
            long next = position;
            while (bytes.hasRemaining())
            {
                if (next < windowStart || next >= windowStart + window.length)
                {
                    fetch(next);
                }
                final int from = (int)(next - windowStart);
                final int piece = Math.min(bytes.remaining(), window.length - from);
                bytes.put(window, from, piece);
                next += piece;
            }
        }

        private void fetch(final long position) throws IOException
        {
            try
            {
                window = bucket.get(key, position, (int)Math.min(WINDOW_LENGTH, length - position));
                windowStart = position;
            }
            catch (final FileNotFoundException | EOFException damage)
            {
                throw damage;
            }
            catch (final IOException exception)
            {
                throw new StorageFailedException("cannot read checkpoints in " + ObjectFiles.this + ": " +
                    exception.getMessage() + ": start the job again when the store can be reached", exception);
            }
        }

        @Override
        public void close()
        {
            window = new byte[0];
        }
    }
}
