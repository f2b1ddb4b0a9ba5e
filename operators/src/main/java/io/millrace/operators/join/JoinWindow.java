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
package io.millrace.operators.join;

/**
 * The windows of a join and how late a record may be, in the pipeline's time unit. A window begins at each multiple of
 * the slide from the offset; a record belongs to each that it lies in.
 *
 * @param size     above 0
 * @param slide    from one window's start to the next; the size for tumbling windows
 * @param offset   of the windows from the epoch; less than the slide
 * @param lateness 0 or more, or {@link #NEVER}
 */
public record JoinWindow(long size, long slide, long offset, long lateness)
{
    /** As a lateness, that no record is late: a window that has fired begins anew with what comes for it then. */
    public static final long NEVER = -1;

    /**
     * Windows one after the other.
     *
     * @param size     above 0
     * @param offset   of the windows from the epoch; less than the size
     * @param lateness 0 or more
     * @return the windows
     */
    public static JoinWindow tumbling(final long size, final long offset, final long lateness)
    {
        return new JoinWindow(size, size, offset, lateness);
    }
}
