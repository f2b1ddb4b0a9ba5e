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
package io.millrace.memory.record;

import io.millrace.memory.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.charset.StandardCharsets;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FieldCodecTest
{
    @RegisterExtension
    final RecordFixture memory = new RecordFixture();

    @Test
    void shouldEncodeUtf8AsStringDoes()
    {
        final Random random = new Random(42);
        final long field = memory.allocate(1 + 255);
        for (int round = 0; round < 2_000; round++)
        {
            final String text = text(random, random.nextInt(60));
            final byte[] expected = text.getBytes(StandardCharsets.UTF_8);

            FieldCodec.putUtf8(field, 255, text, "text");

            final byte[] actual = new byte[expected.length];
            Memory.copyOut(field + 1, actual, 0, actual.length);
            assertEquals(new String(expected, StandardCharsets.UTF_8), new String(actual, StandardCharsets.UTF_8));
            assertEquals(expected.length, FieldCodec.textLength(field, 255));
            for (int i = expected.length; i < 255; i++)
            {
                assertEquals(0, Memory.getByte(field + 1 + i));
            }
        }
    }

    @Test
    void shouldDecodeDamagedUtf8WithoutLeavingTheField()
    {
        final Random random = new Random(43);
        final long bytes = memory.allocate(64);
        final char[] chars = new char[64];
        final byte[] source = new byte[64];
        for (int round = 0; round < 20_000; round++)
        {
            final int length = random.nextInt(8);
            random.nextBytes(source);
            Memory.copyIn(source, 0, bytes, length);
            // Behind the text lies a byte that would complete a cut character.
            Memory.putByte(bytes + length, (byte)0x80);

            final int count = FieldCodec.decodeUtf8(bytes, length, chars);

            final String expected = new String(source, 0, length, StandardCharsets.UTF_8);
            final String actual = new String(chars, 0, count);
            assertEquals(expected.replace("\uFFFD", ""), actual.replace("\uFFFD", ""));
            assertEquals(expected.contains("\uFFFD"), actual.contains("\uFFFD"));
        }
    }

    @Test
    void shouldCopyZeroAndCompareEveryLength()
    {
        final long source = memory.allocate(512);
        final long destination = memory.allocate(512);
        for (int length = 0; length < 300; length++)
        {
            for (int i = 0; i < 512; i++)
            {
                Memory.putByte(source + i, (byte)(i * 7 + length));
                Memory.putByte(destination + i, (byte)0x55);
            }
            FieldCodec.copy(source, destination, length);
            assertTrue(FieldCodec.equal(source, destination, length));
            assertEquals(FieldCodec.hash(1, source, length), FieldCodec.hash(1, destination, length));
            assertEquals(0x55, Memory.getByte(destination + length));
            if (length > 0)
            {
                Memory.putByte(destination + length - 1, (byte)(Memory.getByte(destination + length - 1) + 1));
                assertFalse(FieldCodec.equal(source, destination, length));
            }
            FieldCodec.zero(destination, length);
            for (int i = 0; i < length; i++)
            {
                assertEquals(0, Memory.getByte(destination + i));
            }
            assertEquals(0x55, Memory.getByte(destination + length));
        }
    }

    @Test
    void shouldWriteDecimalsWithTheirPoint()
    {
        assertEquals("1.50", decimal(150, 2));
        assertEquals("-1.50", decimal(-150, 2));
        assertEquals("0.00000001", decimal(1, 8));
        assertEquals("-0.01", decimal(-1, 2));
        assertEquals("0.00", decimal(0, 2));
        assertEquals("42", decimal(42, 0));
        assertEquals("-9.223372036854775808", decimal(Long.MIN_VALUE, 18));
        assertEquals("9223372036854775807", decimal(Long.MAX_VALUE, 0));
    }

    @Test
    void shouldShortenBytesInText()
    {
        final StringBuilder text = new StringBuilder();
        FieldCodec.appendBytes(text, BytesValue.of(new byte[65]));

        assertEquals("0x" + "00".repeat(64) + "... (65 bytes)", text.toString());
    }

    private static String decimal(final long value, final int decimals)
    {
        final StringBuilder text = new StringBuilder();
        FieldCodec.appendDecimal(text, value, decimals);
        return text.toString();
    }

    private static String text(final Random random, final int length)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++)
        {
            final int[] limits = {0x80, 0x800, 0xD800, 0x110000};
            final int codePoint = random.nextInt(limits[random.nextInt(limits.length)]);
            text.appendCodePoint(codePoint >= 0xD800 && codePoint < 0xE000 ? '?' : codePoint);
        }
        return text.toString();
    }
}
