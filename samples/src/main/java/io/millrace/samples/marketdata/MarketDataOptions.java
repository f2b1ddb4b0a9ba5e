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
package io.millrace.samples.marketdata;

import io.millrace.core.runtime.ThreadingMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What the command line says. */
@Command(name = "market-data", sortOptions = false, description =
    "Computes price, volume, trade count and volume-weighted average price of 100,000 real trades, a second and a " +
    "minute at a time, exactly once. Stopped or killed at any moment and started again, it goes on from its latest " +
    "checkpoint.",
    footer = {"", "Exit status: 0 done, 1 failed, 2 wrong usage, 137 crashed by --crash-at."})
final class MarketDataOptions
{
    /** Where keyed state may live. */
    enum State
    {
        OFF_HEAP, CHRONICLE_MAP, ROCKSDB
    }

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this and end")
    private boolean help;

    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "target/market-data",
        description = "where journals and checkpoints live; a run goes on from what it finds (default: " +
            "${DEFAULT-VALUE})")
    private Path directory;

    @Option(names = "--fresh", description = "delete what the directory holds and start over")
    private boolean fresh;

    @Option(names = "--state", paramLabel = "BACKEND", defaultValue = "off-heap",
        description = "off-heap, chronicle-map or rocksdb (default: ${DEFAULT-VALUE})")
    private State state;

    @Option(names = "--threads", paramLabel = "MODE", defaultValue = "shared",
        description = "dedicated, shared or invoker (default: ${DEFAULT-VALUE})")
    private ThreadingMode threads;

    @Option(names = "--rate", paramLabel = "N",
        description = "pace the tape at N trades a second; 0, the default, for as fast as it goes")
    private long rate;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "1",
        description = "play the tape N times, shifted in time, its one instrument under N names")
    private int repeat;

    @Option(names = "--crash-at", paramLabel = "N",
        description = "halt the JVM, once, at trade N of the tape; then start it again")
    private long crashAt;

    @Option(names = "--progress", paramLabel = "MILLIS", defaultValue = "1000",
        description = "how often progress is shown (default: ${DEFAULT-VALUE})")
    private long progressMillis;

    @Option(names = "--stacktrace", description = "show where a failure came from")
    private boolean stacktrace;

    @Option(names = "--verify", description = "compute every bar anew from the CSV and compare row by row")
    private boolean verify;

    @Option(names = "--replay", description = "run the journal twice more and compare hashes of output and state")
    private boolean replay;

    /** Reads arguments into these options. */
    CommandLine commandLine()
    {
        final CommandLine command = new CommandLine(this);
        command.registerConverter(State.class, text -> constant(State.class, text));
        command.registerConverter(ThreadingMode.class, text -> constant(ThreadingMode.class, text));
        return command;
    }

    private static <E extends Enum<E>> E constant(final Class<E> type, final String text)
    {
        for (final E constant : type.getEnumConstants())
        {
            if (constant.name().equalsIgnoreCase(text.replace('-', '_')))
            {
                return constant;
            }
        }
        throw new CommandLine.TypeConversionException("'" + text + "' is none of " +
            Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    Path directory()
    {
        return directory;
    }

    Path trades()
    {
        return directory.resolve("trades");
    }

    Path bars()
    {
        return directory.resolve("bars");
    }

    Path crashMarker()
    {
        return directory.resolve("crashed-at-" + crashAt);
    }

    boolean fresh()
    {
        return fresh;
    }

    State state()
    {
        return state;
    }

    ThreadingMode threads()
    {
        return threads;
    }

    long rate()
    {
        return rate;
    }

    int repeat()
    {
        return repeat;
    }

    long crashAt()
    {
        return crashAt;
    }

    boolean verify()
    {
        return verify;
    }

    boolean replay()
    {
        return replay;
    }

    boolean help()
    {
        return help;
    }

    /** Looked at by who catches the failure. */
    boolean stacktrace()
    {
        return stacktrace;
    }

    long progressMillis()
    {
        return progressMillis;
    }

    /**
     * Refuses what cannot be, with what to do about it.
     *
     * @return what is wrong, or null
     */
    String check()
    {
        if (repeat < 1 || rate < 0 || crashAt < 0 || progressMillis < 1)
        {
            return "repeat=" + repeat + " rate=" + rate + " crash-at=" + crashAt + " progress=" + progressMillis +
                ": repeat and progress must be 1 or more, rate and crash-at 0 or more";
        }
        return null;
    }
}
