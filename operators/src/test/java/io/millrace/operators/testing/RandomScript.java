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
package io.millrace.operators.testing;

import io.millrace.core.testing.Script;
import io.millrace.operators.ReadingFlyweight;

import java.util.SplittableRandom;

/** Readings in disorder, of a few sensors and places, with values that tell them apart, and watermarks. */
final class RandomScript
{
    private static final int RECORDS = 80;
    private static final int DISORDER = 25;

    private RandomScript()
    {
    }

    /**
     * A script of about 80 units of time, or with gaps.
     *
     * @param seed   of the script
     * @param inputs number of inputs that records come from
     * @param late   whether some records come behind the watermark, some of them far
     */
    static Script of(final long seed, final int inputs, final boolean late)
    {
        return of(seed, inputs, late, false);
    }

    /**
     * The same with a clock.
     *
     * @param seed   of the script
     * @param inputs number of inputs that records come from
     * @param late   whether some records come behind the watermark, some of them far
     * @param clock  whether there are ticks of processing time too
     */
    static Script of(final long seed, final int inputs, final boolean late, final boolean clock)
    {
        final SplittableRandom clocked = new SplittableRandom(~seed);
        long ticked = 0;
        final SplittableRandom random = new SplittableRandom(seed);
        final boolean gaps = random.nextBoolean();
        final int sensors = random.nextInt(3) == 0 ? 30 : 4;
        final Script script = new Script();
        long now = 0;
        for (int number = 0; number < RECORDS; number++)
        {
            final boolean behind = late && script.watermark() > 0 && random.nextInt(8) == 0;
            final long time = behind ? script.watermark() - random.nextInt(random.nextBoolean() ? 10 : 60) :
                now + random.nextInt(DISORDER);
            final long sensor = random.nextInt(sensors);
            final String place = "place-" + random.nextInt(3);
            final long value = number;
            script.push(random.nextInt(inputs), ReadingFlyweight.TYPE, time,
                reading -> reading.time(time).sensor(sensor).place(place).value(value));
            if (random.nextInt(8) == 0 && now - 1 > script.watermark())
            {
                script.watermark(now - 1);
            }
            if (clock && now > ticked && clocked.nextInt(5) == 0)
            {
                ticked = now;
                script.processingTime(now);
            }
            now += gaps && random.nextInt(30) == 0 ? 70 : random.nextInt(3);
        }
        return clock ? script.processingTime(now + 10 * RECORDS) : script;
    }
}
