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
package io.millrace.checkpoint.hash;

import io.millrace.checkpoint.files.Fuzzer;
import io.millrace.core.checkpoint.BarrierHash;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** T19 for recorded hashes: a damaged block is none. */
@Tag("laboratory")
class HashFuzzTest
{
    @Test
    void shouldReadOrPassOverDamagedBlocks()
    {
        final byte[] block = HashBlockDescriptor.encode(new HashBlock(3, 9, true, 2, 1, 100, List.of(
            new BarrierHash(3, 9, "counts", 0, 1, 2, 3, 4), new BarrierHash(3, 9, "sums", 1, 5, 6, 7, 8)))).array();
        Fuzzer.of("hashes", block).sealed(input ->
        {
            final int crc = Fuzzer.crc(input, Integer.BYTES, input.length - Integer.BYTES);
            for (int i = 0; i < Math.min(Integer.BYTES, input.length); i++)
            {
                input[i] = (byte)(crc >>> 8 * i);
            }
        }).run(input ->
        {
            if (HashBlockDescriptor.length(ByteBuffer.wrap(Arrays.copyOf(input, 8)), input.length) == input.length)
            {
                HashBlockDescriptor.decode(input);
            }
        });
    }
}
