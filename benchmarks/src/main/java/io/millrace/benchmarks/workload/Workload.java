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
package io.millrace.benchmarks.workload;

import java.util.List;

/**
 * Something to be done with events, and the programs that do it. All of them give the same checksum for the same input.
 */
public enum Workload
{
    /** Filter and map. */
    W1(400_000_000L),
    /** A running sum of each of 100,000 keys, an output for each input. */
    W2(200_000_000L),
    /** Count and sum of each of 10,000 keys in tumbling windows of a second. */
    W3(200_000_000L),
    /** Count and sum of each of 1,000 keys in sliding windows of ten seconds by a second. */
    W4(200_000_000L),
    /** Count and sum of each of 10,000 keys in sessions with a gap of 100 ms. */
    W5(100_000_000L),
    /** Pairs of events of two sides for each of 10,000 keys in tumbling windows of 100 ms. */
    W6(60_000_000L),
    /** Pairs of events of two sides for each of 10,000 keys that are at most 50 ms apart. */
    W6I(40_000_000L),
    /** Deduplication within a second by a state and a timer of each of 100,000 keys. */
    W7(100_000_000L),
    /** Three events of a kind each, one after the other within a second, of each of 10,000 keys. */
    W8(40_000_000L),
    /** Up to two parts of each event, the largest for each of 1,600 composite keys: a neighbour for the others. */
    FLAT_MAP(50_000_000L);

    private final long defaultEvents;

    Workload(final long defaultEvents)
    {
        this.defaultEvents = defaultEvents;
    }

    /**
     * Events that take a few seconds.
     *
     * @return number of events
     */
    public long defaultEvents()
    {
        return defaultEvents;
    }

    /**
     * Who can work on it.
     *
     * @return the engine, and the hand-written programs if there are any
     */
    public List<Contender> contenders()
    {
        return definition().contenders();
    }

    /**
     * A program that has not begun.
     *
     * @param contender one of {@link #contenders()}
     * @param input     to work on; closed by the caller after the program
     * @param setting   how to run it
     * @return the program, closed by the caller
     */
    public Program open(final Contender contender, final Input input, final Setting setting)
    {
        return definition().open(contender, input, setting);
    }

    long keys()
    {
        return definition().keys();
    }

    private Definition definition()
    {
        return switch (this)
        {
            case W1 -> new FilterMap();
            case W2 -> new RunningSum();
            case W3 -> new TumblingSum();
            case W4 -> new SlidingSum();
            case W5 -> new SessionSum();
            case W6 -> new WindowJoin();
            case W6I -> new IntervalJoin();
            case W7 -> new Deduplication();
            case W8 -> new ThreeInOrder();
            case FLAT_MAP -> new FlatMapMax();
        };
    }

    /** What a workload is made of. */
    interface Definition
    {
        List<Contender> contenders();

        long keys();

        Program open(Contender contender, Input input, Setting setting);
    }
}
