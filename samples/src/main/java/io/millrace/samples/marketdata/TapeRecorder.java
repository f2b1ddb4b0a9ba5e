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

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.checkpoint.journal.JournalWriter;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays the tape into the journal of trades: as an exchange would, at its own pace, whether the job listens or not.
 * Goes on behind what the journal holds already, and ends the journal behind the last trade.
 */
final class TapeRecorder implements Runnable
{
    private static final int FRAME_TRADES = 256;

    private final Path directory;
    private final List<Tape.Line> tape;
    private final int repeat;
    private final long tradesPerSecond;
    private final MemoryAccount account = new MemoryAccount("tape");
    private final TradeFlyweight trade = new TradeFlyweight();
    private volatile boolean stopped;
    private volatile Throwable failure;

    TapeRecorder(final Path directory, final List<Tape.Line> tape, final int repeat, final long tradesPerSecond)
    {
        this.directory = directory;
        this.tape = tape;
        this.repeat = repeat;
        this.tradesPerSecond = tradesPerSecond;
    }

    @Override
    public void run()
    {
        try
        {
            record();
        }
        catch (final RuntimeException | Error throwable)
        {
            failure = throwable;
        }
    }

    /** What ended the recording early, or null. */
    Throwable failure()
    {
        return failure;
    }

    void stop()
    {
        stopped = true;
    }

    /** Trades that the journal holds, negative when it was ended behind them. */
    long recorded()
    {
        try (JournalReader reader = JournalReader.open(context()))
        {
            long count = 0;
            int state = reader.poll();
            while (state == JournalReader.FRAME)
            {
                count += reader.recordCount();
                state = reader.poll();
            }
            return state == JournalReader.END ? -count - 1 : count;
        }
    }

    private JournalContext context()
    {
        return new JournalContext().directory(directory).recordType(TradeFlyweight.TYPE).account(account);
    }

    private void record()
    {
        final long already = recorded();
        final long total = (long)tape.size() * repeat;
        if (already < 0 || already > total)
        {
            check(already, total);
            return;
        }
        try (JournalWriter writer = JournalWriter.open(context()))
        {
            final long start = System.nanoTime();
            int inFrame = 0;
            for (long number = already; number < total && !stopped; number++)
            {
                if (tradesPerSecond > 0)
                {
                    inFrame = pace(writer, inFrame, start + (number - already) * 1_000_000_000L / tradesPerSecond);
                }
                write(writer, number);
                if (++inFrame == FRAME_TRADES)
                {
                    writer.flush();
                    inFrame = 0;
                }
            }
            writer.flush();
            if (!stopped)
            {
                writer.end();
            }
        }
    }

    private void check(final long already, final long total)
    {
        final long held = already < 0 ? -already - 1 : already;
        if (held != total)
        {
            throw new IllegalStateException("journal=" + directory + " holds trades=" + held + ", but repeat=" +
                repeat + " makes trades=" + total + ": repeat what it was begun with, start over with --fresh, or " +
                "take another --dir");
        }
    }

    /** Waits until a trade is due, after showing those before it. */
    private static int pace(final JournalWriter writer, final int inFrame, final long due)
    {
        if (System.nanoTime() >= due)
        {
            return inFrame;
        }
        writer.flush();
        while (System.nanoTime() < due)
        {
            LockSupport.parkNanos(due - System.nanoTime());
        }
        return 0;
    }

    private void write(final JournalWriter writer, final long number)
    {
        final int index = (int)(number % tape.size());
        final long round = number / tape.size();
        final Tape.Line line = tape.get(index);
        final long slot = writer.claim(TradeFlyweight.TYPE.blockLength());
        trade.wrap(slot + SlotDescriptor.HEADER_LENGTH, TradeFlyweight.TYPE.blockLength());
        trade.clear();
        trade.time(line.time() + round * span(tape)).number(number + 1).instrument(instrument(round))
            .price(Tape.scaled(line.price(), Tape.PRICE_DECIMALS))
            .amount(Tape.scaled(line.amount(), Tape.AMOUNT_DECIMALS));
        SlotDescriptor.timestamp(slot, trade.time());
        SlotDescriptor.ingressTime(slot, 0);
        writer.commit();
    }

    /** What the tape's one instrument is called in a round. */
    static String instrument(final long round)
    {
        return round == 0 ? "BTCUSD" : "BTCUSD-" + (round + 1);
    }

    /** By how much a round is later than the one before: the tape's length in whole hours. */
    static long span(final List<Tape.Line> tape)
    {
        final long hour = 3_600_000L;
        final long length = tape.get(tape.size() - 1).time() - tape.get(0).time();
        return (length / hour + 1) * hour;
    }
}
