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

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A wait for space on a full disk, by a writer that keeps what it could not write. Tried again at once, then after
 * pauses that double from 1 to 100 ms, since each attempt costs system calls. The writer's thread; {@link #reason()} any.
 * <pre>
 *   isDue() --&gt; write --&gt; there is no space: begins(reason)     isDue() ... --&gt; written: ends()
 * </pre>
 */
public final class SpaceWait
{
    private static final Logger LOGGER = LoggerFactory.getLogger(SpaceWait.class);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final List<String> TEXTS = List.of("No space left on device", "Disk quota exceeded");

    private final String what;
    private final LongSupplier nanoClock;
    private volatile String reason = "";
    private long since;
    private long tried;
    private long pause;

    /**
     * No wait yet.
     *
     * @param what      is written, for the log
     * @param nanoClock of the pauses, as {@link System#nanoTime()}
     */
    public SpaceWait(final String what, final LongSupplier nanoClock)
    {
        this.what = what;
        this.nanoClock = nanoClock;
    }

    /**
     * Whether an operation failed for want of space, so that it may be tried again. The text of the system decides, which
     * may be in another language; or else that there is no space now.
     *
     * @param exception of a creation or write; that of a sync is never of this kind
     * @param usable    bytes that can be written now
     * @param need      bytes
     * @return false when storage failed
     */
    public static boolean isFull(final IOException exception, final long usable, final long need)
    {
        final String message = String.valueOf(exception.getMessage());
        return TEXTS.stream().anyMatch(message::contains) || !message.contains("Input/output error") && usable < need;
    }

    /**
     * Takes note that there was no space.
     *
     * @param why path, bytes needed and remedy
     */
    public void begins(final String why)
    {
        if (!isWaiting())
        {
            since = nanoClock.getAsLong();
            pause = 0;
            LOGGER.warn("{}", why);
        }
        goesOn();
        reason = why;
    }

    /** Takes note that there is no space yet. */
    public void goesOn()
    {
        tried = nanoClock.getAsLong();
        // The first attempt is at once.
        pause = reason.isEmpty() ? 0 : Math.min(LONGEST_PAUSE, Math.max(FIRST_PAUSE, 2 * pause));
    }

    /** Takes note that it was written. */
    public void ends()
    {
        if (isWaiting())
        {
            reason = "";
            LOGGER.info("{} has space again, after {} ms", what,
                TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - since));
        }
    }

    /**
     * Whether what could not be written is kept by the writer.
     *
     * @return true from {@link #begins} to {@link #ends}
     */
    public boolean isWaiting()
    {
        return !reason.isEmpty();
    }

    /**
     * Whether it is time to write.
     *
     * @return true when nothing is waited for, or the pause is over
     */
    public boolean isDue()
    {
        return !isWaiting() || nanoClock.getAsLong() - tried >= pause;
    }

    /**
     * What is waited for. Any thread.
     *
     * @return empty when nothing is
     */
    public String reason()
    {
        return reason;
    }
}
