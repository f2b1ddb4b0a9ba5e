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
package io.millrace.core.state;

import org.junit.jupiter.api.Test;

import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** {@link BlobWriter}, {@link BlobReader}, and the numbers that states have. */
class BlobWriterTest
{
    @Test
    void shouldReadWhatWasWritten()
    {
        final BlobWriter writer = new BlobWriter();
        final byte[] bytes = new byte[1_000];
        Arrays.fill(bytes, (byte)7);
        writer.putLong(Long.MIN_VALUE).putInt(-1).putText("Zürich").putBytes(bytes).putLong(3);
        final BlobReader reader = reader(writer);
        assertEquals(Long.MIN_VALUE, reader.getLong());
        assertEquals(-1, reader.getInt());
        assertEquals("Zürich", reader.getText());
        assertArrayEquals(bytes, reader.getBytes());
        assertEquals(8, reader.remaining());
        assertEquals(3, reader.getLong());
        assertEquals(0, reader.remaining());
    }

    @Test
    void shouldStartOver()
    {
        final BlobWriter writer = new BlobWriter();
        writer.putLong(1).reset();
        assertEquals(0, writer.length());
        writer.putInt(2);
        assertEquals(4, writer.length());
        assertEquals(2, reader(writer).getInt());
    }

    @Test
    void shouldRefuseToReadPastTheEnd()
    {
        final BlobReader reader = new BlobReader("sums", new byte[6]);
        final IllegalStateException failure = assertThrows(IllegalStateException.class, reader::getLong);
        assertEquals("snapshot of operator sums is too short: wants=8 bytes at=0 of=6: it was written by another " +
            "version of the operator", failure.getMessage());
        assertThrows(IllegalStateException.class, new BlobReader("sums", new byte[3])::getInt);
    }

    @Test
    void shouldRefuseALengthThatCannotBe()
    {
        for (final int length : new int[] {-1, Integer.MAX_VALUE, 1})
        {
            final BlobReader reader = reader(new BlobWriter().putInt(length));
            assertTrue(assertThrows(IllegalStateException.class, reader::getBytes).getMessage()
                .contains("wants=" + length));
        }
    }

    @Test
    void shouldNumberStatesForEver()
    {
        assertEquals(StateIds.of("uid", "name"), StateIds.of("uid", "name"));
        assertEquals(81_297_875, StateIds.of("sums", ""));
        assertNotEquals(StateIds.of("ab", "c"), StateIds.of("a", "bc"));
        assertNotEquals(StateIds.of("uid", "name", 0), StateIds.of("uid", "name", 1));
    }

    private static BlobReader reader(final BlobWriter writer)
    {
        return new BlobReader("test", Arrays.copyOf(writer.bytes(), writer.length()));
    }
}
