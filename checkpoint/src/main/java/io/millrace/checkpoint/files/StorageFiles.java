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
package io.millrace.checkpoint.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The few things that durable storage is made of, in one flat directory, so that a test can stand in for the disk and
 * its failures.
 * <p>
 * What survives a loss of power: bytes that were written before a {@link WritableFile#sync()} of their file, under
 * names that were given before a {@link #syncDirectory()}. Anything else may be there, in part, in any order, or not.
 * One thread at a time.
 */
public interface StorageFiles
{
    /** A new file that is written from its start to its end. */
    interface WritableFile extends Closeable
    {
        /**
         * Appends all remaining bytes.
         *
         * @param bytes to write
         * @throws IOException when not all of them were written
         */
        void write(ByteBuffer bytes) throws IOException;

        /**
         * Makes the content durable.
         *
         * @throws IOException when it is not; a second attempt proves nothing
         */
        void sync() throws IOException;

        /**
         * Closes a file that nobody will read, and that is deleted next.
         *
         * @throws IOException when it cannot be closed
         */
        default void discard() throws IOException
        {
            close();
        }
    }

    /** A file that is read at any place. */
    interface ReadableFile extends Closeable
    {
        /**
         * @return length in bytes
         * @throws IOException when it cannot be told
         */
        long size() throws IOException;

        /**
         * Fills the buffer's remaining bytes.
         *
         * @param position of the first byte in the file
         * @param bytes    to fill
         * @throws IOException when the file ends before
         */
        void read(long position, ByteBuffer bytes) throws IOException;
    }

    /**
     * Creates a file that only its owner can read.
     *
     * @param name of the file, which must not exist
     * @return the file, to be closed by the caller
     * @throws IOException when it cannot be created
     */
    WritableFile create(String name) throws IOException;

    /**
     * @param name of the file
     * @return the file, to be closed by the caller
     * @throws IOException when it is not there or cannot be read
     */
    ReadableFile open(String name) throws IOException;

    /**
     * Makes the content of a closed file durable, whoever wrote it.
     *
     * @param name of the file
     * @throws IOException when it is not there, or not durable
     */
    void sync(String name) throws IOException;

    /**
     * Renames a file in one step, over one that has the name.
     *
     * @param from name that it has
     * @param to   name that it gets
     * @throws IOException when it keeps its name
     */
    void rename(String from, String to) throws IOException;

    /**
     * Deletes a file; one that is not there is fine.
     *
     * @param name of the file
     * @throws IOException when it cannot be deleted
     */
    void delete(String name) throws IOException;

    /**
     * Makes what was created, renamed and deleted durable.
     *
     * @throws IOException when it is not
     */
    void syncDirectory() throws IOException;

    /**
     * @return names of all files, in no order
     * @throws IOException when the directory cannot be read
     */
    List<String> list() throws IOException;

    /**
     * Whether a close, sync or rename that failed says nothing of what was durable before, so that it may be tried
     * again under another name. An object store that cannot be reached is like that. A disk is not: when it has failed
     * to sync, it may have dropped anything.
     *
     * @return true when a checkpoint that fails is declined, false when it fails the job
     */
    default boolean mayRecover()
    {
        return false;
    }

    /**
     * @return bytes that can still be written
     * @throws IOException when it cannot be told
     */
    long usableSpace() throws IOException;
}
