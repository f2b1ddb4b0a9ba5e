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
package io.millrace.checkpoint.journal;

import io.millrace.checkpoint.files.AddressBuffer;

/**
 * Goes through the good frames of one incarnation and stops for good at the first that is not: wrong checksum,
 * incarnation or number, or unreadable. Not thread-safe.
 */
final class FrameCursor implements AutoCloseable
{
    /** A writer that opens drops the queue's list of files ({@link JournalTail}), maybe under our hands. */
    private static final int MAX_ATTEMPTS = 3;

    private final Incarnation incarnation;
    private final boolean checksums;
    private final AddressBuffer buffer = new AddressBuffer();
    private FrameTailer tailer;
    private long expected;
    private String damage;
    private long frame;
    private long frameIndex;

    FrameCursor(final Incarnation incarnation, final boolean checksums)
    {
        this.incarnation = incarnation;
        this.checksums = checksums;
        this.expected = incarnation.firstFrame();
    }

    /**
     * Goes to the next frame.
     *
     * @return false when there is none, yet or for good: {@link #damage()} tells
     */
    boolean next()
    {
        frame = 0;
        if (damage != null || tailer == null && !open())
        {
            return false;
        }
        try
        {
            if (!tailer.next())
            {
                return false;
            }
            damage = FrameDescriptor.problem(
                tailer.address(), tailer.length(), incarnation.number(), expected, checksums, buffer);
        }
        catch (final RuntimeException | AssertionError | InternalError error)
        {
            // A bad document header or a file that was cut: the queue has many ways of saying so.
            damage = describe("cannot be read: " + error);
        }
        if (damage != null)
        {
            tailer.release();
            return false;
        }
        expected++;
        frame = tailer.address();
        frameIndex = tailer.index();
        return true;
    }

    /**
     * Goes to a frame.
     *
     * @param queueIndex  of its document
     * @param frameNumber of the frame
     * @return false when it is not there
     */
    boolean seek(final long queueIndex, final long frameNumber)
    {
        expected = frameNumber;
        if (tailer == null && !open())
        {
            return false;
        }
        try
        {
            return tailer.seek(queueIndex) && next();
        }
        catch (final RuntimeException | AssertionError | InternalError error)
        {
            damage = describe("cannot be reached at queue index=" + queueIndex + ": " + error);
            return false;
        }
    }

    Incarnation incarnation()
    {
        return incarnation;
    }

    /** Address of the frame at hand, 0 when there is none; valid until the next call. */
    long frame()
    {
        return frame;
    }

    /** Index of the frame at hand in the queue. */
    long frameIndex()
    {
        return frameIndex;
    }

    /** Number of the frame that comes next. */
    long expected()
    {
        return expected;
    }

    /** What is wrong with the frame that should come next, or null. */
    String damage()
    {
        return damage;
    }

    @Override
    public void close()
    {
        if (tailer != null)
        {
            final FrameTailer closing = tailer;
            tailer = null;
            frame = 0;
            closing.close();
        }
    }

    private boolean open()
    {
        if (!incarnation.hasQueue())
        {
            return false;
        }
        for (int attempt = 1; tailer == null && damage == null; attempt++)
        {
            try
            {
                tailer = new FrameTailer(incarnation);
            }
            catch (final RuntimeException | AssertionError | InternalError error)
            {
                if (attempt == MAX_ATTEMPTS)
                {
                    damage = describe("is in a queue that cannot be opened: " + error);
                }
            }
        }
        return tailer != null;
    }

    private String describe(final String what)
    {
        return FrameDescriptor.describe(incarnation.number(), expected, what);
    }
}
