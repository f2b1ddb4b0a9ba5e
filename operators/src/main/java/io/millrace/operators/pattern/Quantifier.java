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
package io.millrace.operators.pattern;

/**
 * How often a step is taken.
 *
 * @param kind     of the repetition
 * @param from     fewest times, 1 or more
 * @param to       most times; of a loop the same as {@code from}, and any more
 * @param inner    how the repetitions follow one another
 * @param optional whether it may be left out
 * @param greedy   whether it takes as much as it can before the next step is looked at
 */
record Quantifier(Kind kind, int from, int to, Contiguity inner, boolean optional, boolean greedy)
{
    enum Kind
    {
        SINGLE,
        TIMES,
        LOOP
    }

    static final Quantifier ONE = new Quantifier(Kind.SINGLE, 1, 1, Contiguity.RELAXED, false, false);

    Quantifier times(final int newFrom, final int newTo)
    {
        return new Quantifier(Kind.TIMES, newFrom, newTo, inner, optional, greedy);
    }

    Quantifier loop(final int newFrom)
    {
        return new Quantifier(Kind.LOOP, newFrom, newFrom, inner, optional, greedy);
    }

    Quantifier inner(final Contiguity newInner)
    {
        return new Quantifier(kind, from, to, newInner, optional, greedy);
    }

    Quantifier asOptional()
    {
        return new Quantifier(kind, from, to, inner, true, greedy);
    }

    Quantifier asGreedy()
    {
        return new Quantifier(kind, from, to, inner, optional, true);
    }

    boolean repeated()
    {
        return kind != Kind.SINGLE;
    }

    @Override
    public String toString()
    {
        final String times = switch (kind)
        {
            case SINGLE -> "";
            case TIMES -> from == to ? "{" + from + "}" : "{" + from + "," + to + "}";
            case LOOP -> "{" + from + ",}";
        };
        return times + (repeated() && inner != Contiguity.RELAXED ? " inner=" + inner : "") +
            (optional ? " optional" : "") + (greedy ? " greedy" : "");
    }
}
