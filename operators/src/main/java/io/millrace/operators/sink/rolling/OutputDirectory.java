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

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The few things that a file sink asks of a directory, so that a test can stand in for the disk and its failures. Bytes that
 * were written survive a loss of power after {@link OutputFile#force()}, names after {@link #syncDirectory()}. One thread.
 */
interface OutputDirectory extends Closeable
{
    /** A file that is written at its end. */
    interface OutputFile extends Closeable
    {
        /**
         * Appends bytes.
         *
         * @param bytes to append from, from index 0
         * @param count of bytes
         * @throws IOException when not all were written; the file may have some of them
         */
        void write(byte[] bytes, int count) throws IOException;

        /**
         * Cuts the file; what is written next goes behind that.
         *
         * @param length in bytes, at most that of the file
         * @throws IOException when it has its length still
         */
        void truncate(long length) throws IOException;

        /**
         * Makes the content durable.
         *
         * @throws IOException when it is not; a second attempt proves nothing
         */
        void force() throws IOException;
    }

    /**
     * Takes the right to write files with a prefix; makes the directory and the lock file when they are not there.
     *
     * @param name  of the lock file
     * @param owner written into a new one
     * @return what the file says who owns it, {@code owner} for a new one; null when another process or sink holds the lock
     * @throws IOException when it cannot be told
     */
    String lock(String name, String owner) throws IOException;

    /**
     * Whether {@link #lock} found a lock file.
     *
     * @return false when it made one
     */
    boolean wasThere();

    /**
     * Opens a file at its end, and makes it when it is not there.
     *
     * @param name   of the file
     * @return to be closed by the caller
     * @throws IOException when it cannot be opened
     */
    OutputFile open(String name) throws IOException;

    /**
     * How long a file is.
     *
     * @param name of the file
     * @return in bytes, -1 when it is not there
     * @throws IOException when it cannot be told
     */
    long size(String name) throws IOException;

    /**
     * Adds a file's first bytes to a checksum.
     *
     * @param name     of the file
     * @param length   number of bytes
     * @param checksum to add to
     * @throws IOException when it cannot be read, or is shorter
     */
    void checksum(String name, long length, CRC32C checksum) throws IOException;

    /**
     * Copies a file's first bytes into a new one.
     *
     * @param from   name of the file
     * @param to     name of the new one
     * @param length number of bytes
     * @throws IOException when not all were copied
     */
    void copy(String from, String to, long length) throws IOException;

    /**
     * Renames a file in one step.
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
     * @throws IOException when it is still there
     */
    void delete(String name) throws IOException;

    /**
     * Makes what was created, renamed and deleted durable.
     *
     * @throws IOException when it is not
     */
    void syncDirectory() throws IOException;

    /**
     * The files.
     *
     * @return their names, sorted
     * @throws IOException when the directory cannot be read
     */
    List<String> list() throws IOException;

    /**
     * What can still be written.
     *
     * @return in bytes, for messages
     */
    long usableSpace();
}
