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
 * incarnation or number. Files that cannot be read are an error, and no damage. Not thread-safe.
 */
final class FrameCursor implements AutoCloseable
{
    private final Incarnation incarnation;
    private final boolean checksums;
    private final AddressBuffer buffer = new AddressBuffer();
    private FrameTailer tailer;
    private long expected;
    private String damage;
    private long frame;
    private long framePlace;

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
        if (damage != null || tailer == null && !open() || !tailer.next())
        {
            return false;
        }
        damage = FrameDescriptor.problem(
            tailer.address(), tailer.length(), incarnation.number(), expected, checksums, buffer);
        if (damage != null)
        {
            tailer.release();
            return false;
        }
        expected++;
        frame = tailer.address();
        framePlace = tailer.place();
        return true;
    }

    /**
     * Goes to a frame.
     *
     * @param place       of its document
     * @param frameNumber of the frame
     * @return false when it is not there
     */
    boolean seek(final long place, final long frameNumber)
    {
        expected = frameNumber;
        return (tailer != null || open()) && tailer.seek(place) && next();
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

    /** Place of the frame's document: {@link DocumentPlace}. */
    long framePlace()
    {
        return framePlace;
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
        tailer = new FrameTailer(incarnation);
        return true;
    }
}
