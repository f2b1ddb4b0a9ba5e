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

import io.millrace.core.metrics.Counter;
import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobStatus;
import io.millrace.operators.sink.RecordMetadata;
import org.HdrHistogram.Histogram;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What the user sees of a run. Trades and bars are counted on the job's threads, and shown on the main thread. */
final class Screen
{
    private static final int LAST_ROWS = 5;
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

    private final MarketDataOptions options;
    private final Histogram latency = new Histogram(TimeUnit.MINUTES.toNanos(1), 3);
    /** In turn the last rows, as they are kept without allocating; written by the job, read when it has ended. */
    private final Row[] lastRows = new Row[LAST_ROWS];
    private long trades;
    private long bars;
    private volatile long shownTrades;
    private volatile long shownBars;
    private long startNanos;
    private long nextProgress;

    Screen(final MarketDataOptions options)
    {
        this.options = options;
        Arrays.setAll(lastRows, row -> new Row());
    }

    void begin(final int tapeLength)
    {
        System.out.printf(Locale.ROOT, "%,d trades of BTCUSD from Bitstamp, 25 November 2013 on; directory %s%n",
            tapeLength, options.directory());
        if (options.repeat() > 1)
        {
            System.out.printf(Locale.ROOT,
                "played %d times: the one real instrument stands for %d, each shifted in time%n",
                options.repeat(), options.repeat());
        }
    }

    void started(final Job job)
    {
        System.out.print(job.explain());
        System.out.println(job.restoredCheckpoint() == 0 ? "starting afresh" :
            "going on from checkpoint " + job.restoredCheckpoint());
        startNanos = System.nanoTime();
        nextProgress = startNanos + TimeUnit.MILLISECONDS.toNanos(options.progressMillis());
    }

    void trade()
    {
        shownTrades = ++trades;
    }

    void bar(final Bar bar, final RecordMetadata metadata)
    {
        latency.recordValue(Math.max(0, System.nanoTime() - metadata.ingressTime()));
        lastRows[(int)(bars % LAST_ROWS)].set(bar);
        shownBars = ++bars;
    }

    void progress(final Job job)
    {
        final long now = System.nanoTime();
        if (now >= nextProgress)
        {
            nextProgress = now + TimeUnit.MILLISECONDS.toNanos(options.progressMillis());
            System.out.printf(Locale.ROOT, "  %,9d trades  %,9d bars  checkpoint %d%n",
                shownTrades, shownBars, job.completedCheckpoint());
        }
    }

    void ended(final Job job)
    {
        final double seconds = (System.nanoTime() - startNanos) / 1e9;
        System.out.printf(Locale.ROOT, "%,d trades and %,d bars in %.3f s, %,.0f trades/s; latest checkpoint %d%n",
            shownTrades, shownBars, seconds, shownTrades / seconds, job.completedCheckpoint());
        for (final Counter counter : job.counters())
        {
            if (counter.get() != 0)
            {
                System.out.println("  " + counter);
            }
        }
        if (job.status() != JobStatus.RUNNING)
        {
            for (long row = Math.max(0, bars - LAST_ROWS); row < bars; row++)
            {
                System.out.println("  " + text(lastRows[(int)(row % LAST_ROWS)]));
            }
        }
        if (latency.getTotalCount() > 0)
        {
            histogram();
        }
    }

    private void histogram()
    {
        System.out.println("latency from a trade read to its bar shown, us");
        for (final double percentile : PERCENTILES)
        {
            System.out.printf(Locale.ROOT, "  %6s %%  %,12.1f%n",
                BigDecimal.valueOf(percentile).stripTrailingZeros().toPlainString(), micros(percentile));
        }
        System.out.printf(Locale.ROOT, "     max   %,12.1f%n", latency.getMaxValue() / 1e3);
    }

    private double micros(final double percentile)
    {
        return latency.getValueAtPercentile(percentile) / 1e3;
    }

    static String text(final Bar bar)
    {
        return Instant.ofEpochMilli(bar.end()) + " " + bar.instrument() + " " + bar.length() / 1000 + " s: price " +
            BigDecimal.valueOf(bar.price(), 2) + " average " + BigDecimal.valueOf(bar.averagePrice(), 8) + " volume " +
            BigDecimal.valueOf(bar.volume(), 8) + " trades " + bar.trades();
    }

    /** A copy of a bar that can be written again. */
    private static final class Row implements Bar
    {
        private final StringBuilder instrument = new StringBuilder();
        private long end;
        private long length;
        private long price;
        private long averagePrice;
        private long volume;
        private long trades;

        private void set(final Bar bar)
        {
            instrument.setLength(0);
            instrument.append(bar.instrument());
            end = bar.end();
            length = bar.length();
            price = bar.price();
            averagePrice = bar.averagePrice();
            volume = bar.volume();
            trades = bar.trades();
        }

        @Override
        public CharSequence instrument()
        {
            return instrument;
        }

        @Override
        public long end()
        {
            return end;
        }

        @Override
        public long length()
        {
            return length;
        }

        @Override
        public long price()
        {
            return price;
        }

        @Override
        public long averagePrice()
        {
            return averagePrice;
        }

        @Override
        public long volume()
        {
            return volume;
        }

        @Override
        public long trades()
        {
            return trades;
        }
    }
}
