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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The 100,000 trades of Bitstamp from 25 November 2013 on, as the library that brings them has them. */
final class Tape
{
    /** Of {@link Trade#price()}. */
    static final int PRICE_DECIMALS = 2;
    /** Of {@link Trade#amount()}. */
    static final int AMOUNT_DECIMALS = 8;

    private static final String RESOURCE = "/bitstamp_trades_from_20131125_usd.csv";
    private static final int LONG_DIGITS = 19;
    private static final String HEADER = "timestamp,price,amount";

    /**
     * A line of the tape.
     *
     * @param time   milliseconds of the epoch
     * @param price  dollars
     * @param amount units
     */
    record Line(long time, BigDecimal price, BigDecimal amount)
    {
    }

    private Tape()
    {
    }

    /**
     * Reads the tape.
     *
     * @return its lines, in order of time
     * @throws IOException when the resource cannot be read
     */
    static List<Line> read() throws IOException
    {
        final InputStream resource = Tape.class.getResourceAsStream(RESOURCE);
        if (resource == null)
        {
            throw new IOException(
                "resource=" + RESOURCE + " is not on the class path: add org.ta4j:ta4j-examples:0.18");
        }
        return read(resource);
    }

    static List<Line> read(final InputStream stream) throws IOException
    {
        final List<Line> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.US_ASCII)))
        {
            int number = 0;
            long last = 0;
            for (String text = reader.readLine(); text != null; text = reader.readLine())
            {
                number++;
                if (number > 1 || !text.equals(HEADER))
                {
                    final Line line = parse(number, text);
                    if (line.time() < last)
                    {
                        throw new IOException("line=" + number + " field=timestamp is earlier than in the line " +
                            "before: text=\"" + text + "\": sort the tape by time");
                    }
                    last = line.time();
                    lines.add(line);
                }
            }
        }
        if (lines.isEmpty())
        {
            throw new IOException("the tape has no trades: it must have lines of " + HEADER);
        }
        return lines;
    }

    private static Line parse(final int number, final String text) throws IOException
    {
        final String[] fields = text.split(",", -1);
        if (fields.length != 3)
        {
            throw new IOException("line=" + number + " has fields=" + fields.length + ", expected 3, " + HEADER +
                ": text=\"" + text + "\"");
        }
        String field = "timestamp";
        try
        {
            final long time = Math.multiplyExact(Long.parseLong(fields[0]), 1000);
            field = "price";
            final BigDecimal price = decimal(fields[1], PRICE_DECIMALS);
            field = "amount";
            return new Line(time, price, decimal(fields[2], AMOUNT_DECIMALS));
        }
        catch (final ArithmeticException | NumberFormatException exception)
        {
            throw new IOException("line=" + number + " field=" + field +
                " is no number of 0 or more that fits (price has " + PRICE_DECIMALS + " decimals, amount " +
                AMOUNT_DECIMALS + "): text=\"" + text + "\"", exception);
        }
    }

    private static BigDecimal decimal(final String text, final int decimals)
    {
        final BigDecimal value = new BigDecimal(text);
        if (scaled(value, decimals) < 0)
        {
            throw new ArithmeticException("negative");
        }
        return value;
    }

    /**
     * A decimal as a scaled long.
     *
     * @param value    to scale
     * @param decimals of the result
     * @return the exact value
     * @throws ArithmeticException when it has more decimals or does not fit
     */
    static long scaled(final BigDecimal value, final int decimals)
    {
        // Looked at first: the digits of 1e400000000 would be written out.
        if (value.precision() - (long)value.scale() > LONG_DIGITS)
        {
            throw new ArithmeticException(value + " does not fit");
        }
        return value.movePointRight(decimals).longValueExact();
    }
}
