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
package io.millrace.operators.sink;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordBufferTest
{
    private final RecordBuffer buffer = new RecordBuffer();

    @Test
    void shouldEncodeTextAsStringDoes()
    {
        final SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 2_000; round++)
        {
            final StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--)
            {
                // Every range of UTF-8, and halves of surrogate pairs, alone and by chance in pairs.
                text.append((char)random.nextInt(new int[] {0x80, 0x800, 0xD800, 0xE000, 0x10000}[random.nextInt(5)]));
                if (random.nextInt(8) == 0)
                {
                    text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                }
            }
            assertArrayEquals(text.toString().getBytes(StandardCharsets.UTF_8), bytes(fresh().append(text)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0", "0, 2, 0.00", "7, 2, 0.07", "-7, 2, -0.07", "-1234, 2, -12.34", "10, 1, 1.0",
        "-1, 18, -0.000000000000000001",
        "9223372036854775807, 8, 92233720368.54775807", "-9223372036854775808, 18, -9.223372036854775808",
        "-9223372036854775808, 0, -9223372036854775808"})
    void shouldWriteDecimalsAsBigDecimalDoes(final long unscaled, final int scale, final String expected)
    {
        assertEquals(expected, text(fresh().appendDecimal(unscaled, scale)));
        assertEquals(BigDecimal.valueOf(unscaled, scale).toPlainString(), expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 19})
    void shouldRefuseAScaleThatCannotBe(final int scale)
    {
        final String message = assertThrows(IllegalArgumentException.class,
            () -> fresh().appendDecimal(1, scale)).getMessage();
        assertTrue(message.startsWith("scale=" + scale + " must be 0 to 18"), message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, 1, 0.1, 1e300, Double.MIN_VALUE, Double.NaN, Double.NEGATIVE_INFINITY, 123456.789})
    void shouldWriteDoublesAsJavaDoes(final double number)
    {
        assertEquals(Double.toString(number), text(fresh().append(number)));
        assertArrayEquals(ByteBuffer.allocate(8).putDouble(number).array(), bytes(fresh().putDouble(number)));
    }

    @Test
    void shouldQuoteWhatACsvFieldCannotHold()
    {
        assertEquals("plain", text(fresh().appendCsv("plain")));
        assertEquals("", text(fresh().appendCsv("")));
        assertEquals("\"a,b\"", text(fresh().appendCsv("a,b")));
        assertEquals("\"say \"\"é\"\"\"", text(fresh().appendCsv("say \"é\"")));
        assertEquals("\"two\nlines\"", text(fresh().appendCsv("two\nlines")));
    }

    @Test
    void shouldForgetARecordThatWasNotEnded()
    {
        buffer.begin().append("whole").endLine();
        buffer.begin().append("half");
        assertEquals("whole\n", text(buffer.begin().append("")));
        assertThrows(IllegalStateException.class, () ->
        {
            buffer.begin();
            buffer.putBytes(new byte[RecordBuffer.MAX_RECORD_LENGTH], 0, RecordBuffer.MAX_RECORD_LENGTH);
            buffer.putByte(1);
        });
        assertEquals("whole\n", text(buffer.begin()));
    }

    @Test
    void shouldSayWhenItHasABlock()
    {
        int lines = 0;
        while (!buffer.full())
        {
            buffer.begin().append(lines++).endLine();
        }
        assertTrue(buffer.ready() >= RecordBuffer.BLOCK_LENGTH && buffer.ready() < RecordBuffer.BLOCK_LENGTH + 8);
        buffer.clear();
        assertEquals(0, buffer.ready());
    }

    private RecordBuffer fresh()
    {
        buffer.clear();
        return buffer.begin();
    }

    private static String text(final RecordBuffer written)
    {
        return new String(bytes(written), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(final RecordBuffer written)
    {
        written.end();
        final byte[] copy = new byte[written.ready()];
        System.arraycopy(written.bytes(), 0, copy, 0, copy.length);
        return copy;
    }
}
