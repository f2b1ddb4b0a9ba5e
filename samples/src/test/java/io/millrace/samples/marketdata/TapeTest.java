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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TapeTest
{
    private static final String HEADER = "timestamp,price,amount\n";

    @Test
    void shouldReadAllTradesInOrder() throws IOException
    {
        final List<Tape.Line> lines = Tape.read();

        assertEquals(100_000, lines.size());
        assertEquals(new BigDecimal("175778.65435677"),
            lines.stream().map(Tape.Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add).stripTrailingZeros());
        for (int i = 1; i < lines.size(); i++)
        {
            assertTrue(lines.get(i - 1).time() <= lines.get(i).time());
        }
    }

    @Test
    void shouldReadALine() throws IOException
    {
        assertEquals(List.of(new Tape.Line(5_000, new BigDecimal("1.50"), new BigDecimal("2.00000001"))),
            read(HEADER + "5,1.50,2.00000001\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "x,1,2|timestamp", "9223372036854775807,1,2|timestamp", "5,,2|price", "5,1.005,2|price", "5,-1,2|price",
        "5,1,2.000000001|amount", "5,1,1e400000000|amount", "5,1,-2|amount"})
    void shouldNameLineFieldAndTextOfABadLine(final String line, final String field)
    {
        final String message = message(HEADER + "4,1,1\n" + line + "\n5,1,1\n");

        assertTrue(message.startsWith("line=3 field=" + field + " "), message);
        assertTrue(message.contains("text=\"" + line + "\""), message);
    }

    @Test
    void shouldRefuseALineWithTooManyFields()
    {
        final String message = message(HEADER + "5,1,1,1\n");

        assertEquals("line=2 has fields=4, expected 3, timestamp,price,amount: text=\"5,1,1,1\"", message);
    }

    @Test
    void shouldRefuseASecondHeader()
    {
        assertTrue(message(HEADER + HEADER).startsWith("line=2 field=timestamp"));
    }

    @Test
    void shouldRefuseALineOutOfOrder()
    {
        assertTrue(message("5,1,1\n4,1,1\n").startsWith("line=2 field=timestamp is earlier"));
    }

    @Test
    void shouldRefuseATapeWithoutTrades()
    {
        assertTrue(message(HEADER).startsWith("the tape has no trades"));
    }

    private static String message(final String text)
    {
        return assertThrows(IOException.class, () -> read(text)).getMessage();
    }

    private static List<Tape.Line> read(final String text) throws IOException
    {
        return Tape.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
