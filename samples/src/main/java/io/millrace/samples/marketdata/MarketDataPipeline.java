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

import io.millrace.checkpoint.connector.ChronicleQueueSink;
import io.millrace.checkpoint.connector.ChronicleQueueSource;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.DataStream;
import io.millrace.operators.KeyedStream;
import io.millrace.operators.Pipeline;
import io.millrace.operators.SingleOutputStream;
import io.millrace.operators.SinkHandle;
import io.millrace.operators.TumblingEventTimeWindows;
import io.millrace.operators.function.FilterFunction;
import io.millrace.operators.sink.CallbackSink;

import java.nio.file.Path;
import java.time.Duration;

/** The job: trades of a journal become bars of a second and of a minute in another. */
final class MarketDataPipeline
{
    private MarketDataPipeline()
    {
    }

    /**
     * Declares the job.
     *
     * @param trades journal to read
     * @param bars   journal to write
     * @param tap    sees every trade; keeps those that it says
     * @param shown  sees every bar
     * @param apart  whether the journal of bars is written in a task of its own
     * @return the pipeline
     */
    static Pipeline create(
        final Path trades,
        final Path bars,
        final FilterFunction<Trade> tap,
        final CallbackSink.IdentifiedSinkFunction<Bar> shown,
        final boolean apart)
    {
        // tag::job[]
        final Pipeline pipeline = Pipeline.create("market-data");

        final KeyedStream<CharSequence, Trade> byInstrument = pipeline
            .source(ChronicleQueueSource.of(trades, TradeFlyweight.TYPE),
                WatermarkStrategy.forMonotonousTimestamps(), "trades")
            .filter(tap).name("tap")
            .keyBy(Trade::instrument);

        final DataStream<Bar> all = bars("seconds", Duration.ofSeconds(1), byInstrument)
            .union(bars("minutes", Duration.ofMinutes(1), byInstrument));

        final SinkHandle sink = all.sink(ChronicleQueueSink.exactlyOnce(bars, BarFlyweight.TYPE), "bars");
        // end::job[]
        if (apart)
        {
            sink.startNewChain();
        }
        all.sink(CallbackSink.identified(shown), "screen");
        return pipeline;
    }

    // tag::bars[]
    private static SingleOutputStream<Bar> bars(
        final String name, final Duration length, final KeyedStream<CharSequence, Trade> trades)
    {
        return trades
            .window(TumblingEventTimeWindows.of(length))
            .aggregate(BarSumFlyweight.TYPE, BarFlyweight.TYPE,
                (sum, trade) -> sum
                    .notional(Math.addExact(sum.notional(), Math.multiplyExact(trade.price(), trade.amount())))
                    .volume(Math.addExact(sum.volume(), trade.amount()))
                    .price(trade.price())
                    .trades(sum.trades() + 1),
                (instrument, window, sum, bar) -> bar
                    .instrument(instrument).end(window.end()).length(window.end() - window.start())
                    .price(sum.price()).averagePrice(AveragePrice.of(sum.notional(), sum.volume(), sum.price()))
                    .volume(sum.volume()).trades(sum.trades()))
            .name(name).uid(name);
    }
    // end::bars[]
}
