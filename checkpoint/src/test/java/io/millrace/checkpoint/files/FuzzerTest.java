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
package io.millrace.checkpoint.files;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The negative controls of T19: decoders that believe what they read. */
@Tag("laboratory")
class FuzzerTest
{
    private static final int HEADER_LENGTH = 8;

    /** Two frames: CRC32C, length, bytes. */
    private static byte[] frames()
    {
        final ByteBuffer buffer = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(4, 24).putInt(28, 40);
        seal(buffer.array());
        return buffer.array();
    }

    private static void seal(final byte[] input)
    {
        Fuzzer.sealFrames(input, Integer.BYTES, HEADER_LENGTH, false);
    }

    @Test
    void shouldNoticeALengthThatIsBelieved()
    {
        final AssertionError error = assertThrows(AssertionError.class, () -> Fuzzer.of("control", frames()).least(20_000)
            .documented(IllegalStateException.class).sealed(FuzzerTest::seal).run(input ->
            {
                final ByteBuffer buffer = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
                final int length = buffer.getInt(Integer.BYTES);
                if (length > 1 << 24)
                {
                    throw new IllegalStateException("too long");
                }
                buffer.get(new byte[length]);
            }));
        assertTrue(error.getMessage().contains("seed="), error.getMessage());
    }

    @Test
    void shouldNoticeWhatIsAllocatedBeforeItIsChecked()
    {
        final AssertionError error = assertThrows(AssertionError.class, () -> Fuzzer.of("control", frames()).least(20_000)
            .documented(IllegalStateException.class).sealed(FuzzerTest::seal).run(input ->
            {
                final int length = input.length < HEADER_LENGTH ? -1 :
                    ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN).getInt(Integer.BYTES);
                if (length < 0 || length > 1 << 28 || new byte[length].length > input.length)
                {
                    throw new IllegalStateException("too long");
                }
            }));
        assertTrue(error.getMessage().contains("allocated="), error.getMessage());
    }
}
