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

import io.millrace.samples.attribution.AttributionSample;
import io.millrace.samples.balances.BalancesSample;
import io.millrace.samples.dedup.DedupSample;
import io.millrace.samples.fraud.FraudSample;
import io.millrace.samples.marketdata.MarketDataSample;
import io.millrace.samples.pageviews.PageViewsSample;
import io.millrace.samples.sessions.SessionsSample;
import io.millrace.samples.turnaround.TurnaroundSample;
import io.millrace.samples.wordcount.WordCountSample;
import picocli.CommandLine;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Starts a sample by its name, or lists the names. Ends with status 0 when the sample ran to its end, 1 when it failed,
 * 2 when the command line makes no sense. A failure is one line; {@code --stacktrace} adds where it came from.
 */
public final class Samples
{
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final List<SampleWithoutOptions> WITHOUT_OPTIONS = List.of(
        new SampleWithoutOptions("attribution",
            "Interval join: synthetic clicks with the impressions of the ten minutes before.", AttributionSample::run),
        new SampleWithoutOptions("balances",
            "State in a Chronicle Map, which another process reads while the job runs.", BalancesSample::run),
        new SampleWithoutOptions("dedup",
            "State and timers: synthetic messages go on once.", DedupSample::run),
        new SampleWithoutOptions("fraud",
            "Pattern: a card pays much, then far away; synthetic payments.", FraudSample::run),
        new SampleWithoutOptions("page-views",
            "Windows and top ten: the most viewed pages of each minute; synthetic views.", PageViewsSample::run),
        new SampleWithoutOptions("sessions",
            "Session windows and a pattern on 10,000 real events of GitHub.", SessionsSample::run),
        new SampleWithoutOptions("turnaround",
            "As-of join: how long aircraft stay at an airport; real flights of January 2014.", TurnaroundSample::run),
        new SampleWithoutOptions("word-count",
            "Parallel instances: the words in names of characters.", WordCountSample::run));
    private static final Map<String, Sample> SAMPLES = samples();

    private Samples()
    {
    }

    private static Map<String, Sample> samples()
    {
        final Map<String, Sample> samples = new TreeMap<>();
        samples.put("market-data", MarketDataSample::run);
        samples.put("off-heap", new OffHeapSample());
        WITHOUT_OPTIONS.forEach(sample -> samples.put(sample.name(), sample));
        return samples;
    }

    /**
     * Runs one sample.
     *
     * @param args name of the sample, then its arguments; the names are listed when there is none
     */
    public static void main(final String[] args)
    {
        final int status = run(args, System.err);
        if (status != 0)
        {
            System.exit(status);
        }
    }

    static int run(final String[] args, final PrintStream errors)
    {
        if (args.length == 0 || "--help".equals(args[0]) || "-h".equals(args[0]))
        {
            System.out.println("usage: SAMPLE [options]; SAMPLE --help lists them");
            System.out.println("samples: " + String.join(", ", SAMPLES.keySet()));
            return 0;
        }
        final Sample sample = SAMPLES.get(args[0]);
        if (sample == null)
        {
            errors.println("sample=" + args[0] + " is unknown: choose one of " + SAMPLES.keySet());
            return WRONG_USAGE;
        }
        try
        {
            sample.run(Arrays.copyOfRange(args, 1, args.length));
            return 0;
        }
        catch (final CommandLine.ParameterException exception)
        {
            errors.println(args[0] + ": " + exception.getMessage());
            exception.getCommandLine().usage(errors);
            return WRONG_USAGE;
        }
        catch (final Exception | LinkageError failure)
        {
            return failed(args, failure, errors);
        }
    }

    private static int failed(final String[] args, final Throwable failure, final PrintStream errors)
    {
        errors.println(args[0] + " failed: " + oneLine(failure));
        if (Arrays.asList(args).contains("--stacktrace"))
        {
            failure.printStackTrace(errors);
        }
        return FAILED;
    }

    /** What a failure says, with what its causes say beyond that. */
    static String oneLine(final Throwable failure)
    {
        final StringBuilder text = new StringBuilder(message(failure));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause())
        {
            if (text.indexOf(message(cause)) < 0)
            {
                text.append(": ").append(cause.getClass().getSimpleName()).append(": ").append(message(cause));
            }
        }
        return text.toString().replace('\n', ' ');
    }

    private static String message(final Throwable failure)
    {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
