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
package io.millrace.operators.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random stream: records of a few keys, each with a number of its own, and watermarks that never go back.
 *
 * @param seed  that it was made of
 * @param steps records and watermarks
 */
record Script(long seed, List<Step> steps)
{
    private static final int MOST_KEYS = 3;
    /** Number of the first of the last records of keys. */
    static final int LAST_OF_KEYS = 50;
    /** How long before the end the last records of keys begin to come. */
    private static final long FROM_THE_LAST = 500;

    /** A record or a watermark. */
    sealed interface Step permits Element, Watermark
    {
    }

    /**
     * A record.
     *
     * @param input     0, or 1 for the second stream
     * @param key       from 0
     * @param timestamp event time
     * @param number    from 0, unique in the script
     */
    record Element(int input, long key, long timestamp, int number) implements Step
    {
        @Override
        public String toString()
        {
            return (input == 0 ? "" : "R") + "k" + key + "#" + number + "@" + timestamp;
        }
    }

    /**
     * A watermark.
     *
     * @param timestamp above the one before
     */
    record Watermark(long timestamp) implements Step
    {
        @Override
        public String toString()
        {
            return "W" + timestamp;
        }
    }

    /**
     * A script of a seed.
     *
     * @param seed        that decides everything
     * @param inputs      1 or 2
     * @param mostRecords at most 63, as each has a bit
     * @return the script
     */
    static Script random(final long seed, final int inputs, final int mostRecords)
    {
        final Random random = new Random(seed);
        final int records = 1 + random.nextInt(mostRecords);
        final int keys = 1 + random.nextInt(MOST_KEYS);
        final int spread = 1 + random.nextInt(20);
        final int watermarkEvery = 1 + random.nextInt(8);
        final List<Step> steps = new ArrayList<>();
        long now = random.nextInt(20) - 10;
        long watermark = Long.MIN_VALUE;
        for (int number = 0; number < records; number++)
        {
            now += random.nextInt(4);
            steps.add(new Element(random.nextInt(inputs), random.nextInt(keys), now - random.nextInt(spread), number));
            if (random.nextInt(watermarkEvery) == 0)
            {
                final long next = now - random.nextInt(spread);
                if (next > watermark)
                {
                    watermark = next;
                    steps.add(new Watermark(next));
                }
            }
        }
        steps.add(new Watermark(Math.max(watermark, now) + 1000));
        return new Script(seed, steps);
    }

    /** The same, so much later. */
    Script later(final long shift)
    {
        final List<Step> shifted = new ArrayList<>();
        for (final Step step : steps)
        {
            shifted.add(step instanceof Element element ?
                new Element(element.input, element.key, element.timestamp + shift, element.number) :
                new Watermark(((Watermark)step).timestamp + shift));
        }
        return new Script(seed, shifted);
    }

    /** The same with two records of each key, one after the other, behind all others and before the last watermark. */
    Script withLastOfEachKey()
    {
        final List<Step> more = new ArrayList<>(steps);
        final Watermark last = (Watermark)more.remove(more.size() - 1);
        int number = LAST_OF_KEYS;
        for (int i = 0; i < 2 * MOST_KEYS; i++)
        {
            more.add(new Element(0, i % MOST_KEYS, last.timestamp - FROM_THE_LAST + i / MOST_KEYS * 100, number++));
        }
        more.add(last);
        return new Script(seed, more);
    }

    @Override
    public String toString()
    {
        return "seed=" + seed + " " + steps;
    }
}
