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
package io.millrace.samples;

import io.millrace.samples.marketdata.MarketDataSample;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Starts a sample by its name, or lists the names. */
public final class Samples
{
    private static final Map<String, Sample> SAMPLES = new TreeMap<>(Map.<String, Sample>of(
        "market-data", MarketDataSample::run,
        "off-heap", new OffHeapSample()));

    private Samples()
    {
    }

    /**
     * Runs one sample.
     *
     * @param args name of the sample, then its arguments; the names are listed when there is none
     * @throws Exception what ended the sample early
     */
    public static void main(final String[] args) throws Exception
    {
        if (args.length == 0)
        {
            System.out.println("Samples: " + String.join(", ", SAMPLES.keySet()));
            return;
        }
        final Sample sample = SAMPLES.get(args[0]);
        if (sample == null)
        {
            System.err.println("sample=" + args[0] + " is unknown: choose one of " + SAMPLES.keySet());
            System.exit(2);
        }
        sample.run(Arrays.copyOfRange(args, 1, args.length));
    }
}
