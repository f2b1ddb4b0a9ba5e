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
package io.millrace.core.checkpoint;

/**
 * Keeps what an application published, so that it can be read again after a restart. One source writes and reads it, on
 * its task's thread, which may be a thread of the application: no call may block or do I/O that can stall; a journal on
 * disk does that on a thread of its own.
 *
 * <pre>
 *   open --seek(frame of the checkpoint)--> replay(..) until false --> append(..), end(..) ... close
 *                                            lastFrame() is known
 *   a frame:  append --> written() reaches its number: it may be emitted --> durable() reaches it: it will survive
 * </pre>
 *
 * Frames are numbered densely from 0 over all lives of the job. A frame is there whole or not at all. The number and
 * the order of the records in it are what a replay shows again, so that causes are the same.
 */
public interface IngressJournal extends AutoCloseable
{
    /** What {@link #lastFrame()}, {@link #written()} and {@link #durable()} say when there is none. */
    long NO_FRAME = -1;

    /**
     * Says where {@link #replay} begins. Called once at most, before it; without it the replay begins at frame 0.
     *
     * @param frame number of the first frame to be replayed; may be one behind the last
     * @throws IllegalStateException when the journal does not hold that frame any more, or never did
     */
    void seek(long frame);

    /**
     * Moves to the next frame that an earlier life journaled.
     *
     * @param frame to be moved; its memory stays until the next call
     * @return true when it was moved; false when all frames were replayed
     */
    boolean replay(IngressFrame frame);

    /**
     * The last frame that earlier lives journaled. Known once {@link #replay} said false.
     *
     * @return its number, or {@link #NO_FRAME}
     */
    long lastFrame();

    /**
     * Takes a frame, after the replay. Its memory stays as it is until {@link #written()} has reached its number or the
     * journal is closed.
     *
     * @param frame one behind the last one; read before this returns, but for the slots that it shows. Without records
     *              it is the end
     * @return true when it was taken, false to be called again with the same frame
     */
    boolean append(IngressFrame frame);

    /**
     * The last frame that a restart within the process will find again; it may be emitted.
     *
     * @return its number, that of the last frame of earlier lives at first
     */
    long written();

    /**
     * The last frame that survives what the job's durability promises. The application is told of it.
     *
     * @return its number, at most {@link #written()}
     */
    long durable();

    /** Ends the use of frames that were taken; those not written yet are there afterwards, or not. */
    @Override
    void close();
}
