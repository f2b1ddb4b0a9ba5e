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
package io.millrace.core.state;

import java.util.ArrayList;
import java.util.List;

/**
 * How the lists of operator state go from the instances that wrote them to those that a restore gives them to (SEMANTICS
 * OP-1 to OP-3).
 *
 * <pre>
 *   split      written by 2: | a0 | b0 b1 |      read by 2: | a0 | b0 b1 |          as it was
 *                                                read by 3: | a0 | b0 | b1 |        contiguous, total mod p of them one longer
 *   union      written by 2: | a0 | b0 b1 |      read by 3: | a0 b0 b1 |  three times
 *   broadcast  written by 2: | x | x |           read by 3: | of 0 | of 1 | of 0 |  in turn
 * </pre>
 *
 * Between the lists of different writers the order is that of the writers. Any thread may use it.
 */
public final class Redistribution
{
    private final long[] ends;

    /**
     * Of the lists that were written.
     *
     * @param sizes elements of each writer's list, at least one writer
     */
    public Redistribution(final long... sizes)
    {
        if (sizes.length == 0)
        {
            throw new IllegalArgumentException("writers=0 of operator state: there is at least one instance");
        }
        ends = new long[sizes.length];
        long end = 0;
        for (int i = 0; i < sizes.length; i++)
        {
            if (sizes[i] < 0)
            {
                throw new IllegalArgumentException("size=" + sizes[i] + " of the list of subtask=" + i +
                    " must be 0 or more");
            }
            end = Math.addExact(end, sizes[i]);
            ends[i] = end;
        }
    }

    /**
     * What one reader gets of a list that is split (SEMANTICS OP-1): its own list when there are as many readers as
     * writers, else a chunk of all lists behind each other.
     *
     * @param subtask     index of the reader
     * @param parallelism number of readers
     * @return the pieces, in their order; none for nothing
     */
    public List<Piece> split(final int subtask, final int parallelism)
    {
        check(subtask, parallelism);
        if (parallelism == ends.length)
        {
            return pieces(start(subtask), ends[subtask]);
        }
        final long total = ends[ends.length - 1];
        final long length = total / parallelism;
        final long longer = total % parallelism;
        final long first = subtask * length + Math.min(subtask, longer);
        return pieces(first, first + length + (subtask < longer ? 1 : 0));
    }

    /**
     * What every reader gets of a list that is united (SEMANTICS OP-2): all.
     *
     * @return the pieces, in their order; none for nothing
     */
    public List<Piece> union()
    {
        return pieces(0, ends[ends.length - 1]);
    }

    /**
     * Whose copy of broadcast state a reader gets (SEMANTICS OP-3): its own, and where there are more readers than there
     * were writers, those are copied in turn.
     *
     * @param subtask index of the reader
     * @return index of the writer
     */
    public int broadcast(final int subtask)
    {
        check(subtask, Integer.MAX_VALUE);
        return subtask % ends.length;
    }

    private static void check(final int subtask, final int parallelism)
    {
        if (subtask < 0 || subtask >= parallelism)
        {
            throw new IllegalArgumentException("subtask=" + subtask + " is none of parallelism=" + parallelism);
        }
    }

    private long start(final int writer)
    {
        return writer == 0 ? 0 : ends[writer - 1];
    }

    private List<Piece> pieces(final long first, final long end)
    {
        final List<Piece> pieces = new ArrayList<>();
        for (int writer = 0; writer < ends.length; writer++)
        {
            final long from = Math.max(first, start(writer));
            final long to = Math.min(end, ends[writer]);
            if (from < to)
            {
                pieces.add(new Piece(writer, from - start(writer), to - from));
            }
        }
        return pieces;
    }

    /**
     * Elements that lie behind each other in the list of one writer.
     *
     * @param writer index of the instance that wrote the list
     * @param first  index of the first element
     * @param count  number of elements, 1 or more
     */
    public record Piece(int writer, long first, long count)
    {
    }
}
