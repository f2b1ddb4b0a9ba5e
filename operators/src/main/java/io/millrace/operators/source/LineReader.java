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
package io.millrace.operators.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Cuts a stream of bytes into lines, in a block that it reads ahead. Used by one thread; allocates nothing per line. */
public final class LineReader implements AutoCloseable
{
    /** The longest line, and what is read at a time. */
    public static final int BLOCK_LENGTH = 64 * 1024;

    private final byte[] block = new byte[BLOCK_LENGTH];
    private final InputStream stream;
    private int position;
    private int limit;
    private long blockOffset;
    private long lineNumber;
    private int start;
    private int end;
    private boolean tooLong;
    private boolean streamEnded;

    /**
     * A reader at the first byte.
     *
     * @param stream to read, closed with this
     */
    public LineReader(final InputStream stream)
    {
        this.stream = stream;
    }

    /**
     * Goes on from a position. Called before the first line.
     *
     * @param offset in bytes
     * @param line   number of the line before
     * @throws IOException when the stream is shorter
     */
    public void seek(final long offset, final long line) throws IOException
    {
        try
        {
            stream.skipNBytes(offset);
        }
        catch (final EOFException exception)
        {
            throw new EOFException("offset=" + offset + " of line=" + (line + 1) +
                " is behind the end: the file has been cut or replaced since the checkpoint");
        }
        blockOffset = offset;
        lineNumber = line;
    }

    /**
     * Moves to the next line.
     *
     * @return false when there is none
     * @throws IOException when the stream cannot be read
     */
    public boolean next() throws IOException
    {
        tooLong = false;
        int scanned = position;
        while (true)
        {
            for (int i = scanned; i < limit; i++)
            {
                if (block[i] == '\n')
                {
                    line(position, i);
                    position = i + 1;
                    return true;
                }
            }
            scanned = limit - position;
            if (!fill())
            {
                return lastLine();
            }
            if (scanned == BLOCK_LENGTH)
            {
                return longLine();
            }
            scanned += position;
        }
    }

    private void line(final int from, final int to)
    {
        lineNumber++;
        start = from;
        end = to > from && block[to - 1] == '\r' ? to - 1 : to;
        if (lineNumber == 1 && blockOffset + from == 0 && end - start >= 3 &&
            block[start] == (byte)0xEF && block[start + 1] == (byte)0xBB && block[start + 2] == (byte)0xBF)
        {
            start += 3;
        }
    }

    private boolean lastLine()
    {
        if (position == limit)
        {
            return false;
        }
        line(position, limit);
        position = limit;
        return true;
    }

    /** Shows the beginning of a line that is longer than the block, and passes over the rest. */
    private boolean longLine() throws IOException
    {
        tooLong = true;
        line(0, BLOCK_LENGTH / 2);
        // The first half stays where it is, to be shown; the rest of the line goes through the second half.
        final int half = BLOCK_LENGTH / 2;
        int from = half;
        int to = limit;
        while (true)
        {
            for (int i = from; i < to; i++)
            {
                if (block[i] == '\n')
                {
                    position = i + 1;
                    limit = to;
                    return true;
                }
            }
            final int read = streamEnded ? -1 : stream.read(block, half, BLOCK_LENGTH - half);
            if (read < 0)
            {
                streamEnded = true;
                position = to;
                limit = to;
                return true;
            }
            blockOffset += to - half;
            from = half;
            to = half + read;
        }
    }

    /** Reads more behind what is left of the block; false at the stream's end. */
    private boolean fill() throws IOException
    {
        if (streamEnded)
        {
            return false;
        }
        if (position > 0)
        {
            System.arraycopy(block, position, block, 0, limit - position);
            blockOffset += position;
            limit -= position;
            position = 0;
        }
        if (limit == BLOCK_LENGTH)
        {
            return true;
        }
        final int read = stream.read(block, limit, BLOCK_LENGTH - limit);
        if (read < 0)
        {
            streamEnded = true;
            return false;
        }
        limit += read;
        return true;
    }

    /**
     * The bytes that hold the line.
     *
     * @return shared by all lines
     */
    public byte[] bytes()
    {
        return block;
    }

    /**
     * Where the line begins.
     *
     * @return index of its first byte
     */
    public int start()
    {
        return start;
    }

    /**
     * Where the line ends.
     *
     * @return index behind its last byte, the line break not included
     */
    public int end()
    {
        return end;
    }

    /**
     * Whether the line is longer than {@link #BLOCK_LENGTH}; then only its beginning is shown.
     *
     * @return true when it is
     */
    public boolean tooLong()
    {
        return tooLong;
    }

    /**
     * Which line it is.
     *
     * @return from 1; 0 before the first
     */
    public long lineNumber()
    {
        return lineNumber;
    }

    /**
     * Where the next line begins.
     *
     * @return offset in bytes from the beginning of the stream
     */
    public long offset()
    {
        return blockOffset + position;
    }

    @Override
    public void close() throws IOException
    {
        stream.close();
    }
}
