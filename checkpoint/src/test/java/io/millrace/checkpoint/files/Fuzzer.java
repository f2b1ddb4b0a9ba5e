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

import com.sun.management.ThreadMXBean;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * Feeds a decoder with damaged inputs (T19): flips, cuts, pieces twice or of another input, numbers at the ends of their
 * range, text with other digits. Most of them are sealed again, so that what stands behind a checksum meets them too.
 * Whatever comes, the decoder takes it or throws what it documents, and allocates no more than a JVM of 128 MiB has.
 */
public final class Fuzzer
{
    private static final boolean LONG = "long".equals(System.getProperty("millrace.lab.tier"));
    private static final long NANOS = Integer.getInteger("millrace.lab.fuzz.seconds", LONG ? 300 : 1) * 1_000_000_000L;
    /** So many even when that takes longer. */
    private static final int LEAST_INPUTS = 50;
    private static final long MAX_ALLOCATED = 64L << 20;
    private static final int MAX_CORPUS = 64;
    private static final int MAX_LENGTH = 1 << 16;
    private static final long[] ENDS = {0, 1, -1, 7, 127, 128, 255, 0x7FFF, 0xFFFF, 1 << 20, 1 << 26, Integer.MAX_VALUE,
        Integer.MIN_VALUE, 0xFFFF_FFFFL, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 63};

    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();

    private final String name;
    private final List<byte[]> corpus;
    private final long seed = Long.getLong("millrace.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private Sealing sealing = input ->
    {
    };
    private List<Class<?>> documented = List.of();
    private int least = LEAST_INPUTS;

    private Fuzzer(final String name, final List<byte[]> inputs)
    {
        this.name = name;
        this.corpus = new ArrayList<>(inputs);
    }

    /** What is tried. */
    @FunctionalInterface
    public interface Decoder
    {
        /** Decodes, or throws. */
        void decode(byte[] input) throws Exception;
    }

    /** Makes the checksums of an input right, as far as it has any. */
    @FunctionalInterface
    public interface Sealing
    {
        /** Changes it in place. */
        void seal(byte[] input);
    }

    public static Fuzzer of(final String name, final byte[]... inputs)
    {
        return new Fuzzer(name, List.of(inputs));
    }

    public Fuzzer sealed(final Sealing newSealing)
    {
        sealing = newSealing;
        return this;
    }

    /** What the decoder may throw; by default nothing. */
    public Fuzzer documented(final Class<?>... exceptions)
    {
        documented = List.of(exceptions);
        return this;
    }

    /** So many inputs, however long that takes. */
    public Fuzzer least(final int newLeast)
    {
        least = newLeast;
        return this;
    }

    /** CRC32C of a part of an input, which may be too short for it. */
    public static int crc(final byte[] input, final int offset, final int length)
    {
        if (length <= 0)
        {
            return 0;
        }
        final CRC32C crc = new CRC32C();
        crc.update(input, offset, length);
        return (int)crc.getValue();
    }

    /** Seals the line {@code crc HEX} that ends a text. */
    public static void sealLine(final byte[] input)
    {
        final int body = input.length - "crc 00000000\n".length();
        if (body > 0)
        {
            final String line = "crc " + HexFormat.of().toHexDigits(crc(input, 0, body)) + "\n";
            System.arraycopy(line.getBytes(StandardCharsets.US_ASCII), 0, input, body, line.length());
        }
    }

    /** Seals frames that follow each other, each with its CRC32C in front and its length at an offset. */
    public static void sealFrames(final byte[] input, final int lengthOffset, final int headerLength, final boolean ofPayload)
    {
        final ByteBuffer buffer = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        int position = 0;
        while (input.length - position >= headerLength)
        {
            final long length = buffer.getInt(position + lengthOffset) + (ofPayload ? headerLength : 0L);
            if (length < headerLength || length > input.length - position)
            {
                return;
            }
            buffer.putInt(position, crc(input, position + Integer.BYTES, (int)length - Integer.BYTES));
            position += (int)length;
        }
    }

    /** Tries inputs until the time is over. */
    public void run(final Decoder decoder)
    {
        final long start = System.nanoTime();
        int inputs = 0;
        int taken = 0;
        long most = 0;
        while (inputs < least || System.nanoTime() - start < NANOS)
        {
            final byte[] input = next();
            inputs++;
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            try
            {
                decoder.decode(input);
                taken++;
                keep(input);
            }
            catch (final Exception | OutOfMemoryError | StackOverflowError | InternalError | AssertionError thrown)
            {
                if (documented.stream().noneMatch(type -> type.isInstance(thrown)))
                {
                    throw new AssertionError(describe(inputs, input) + ": " + thrown, thrown);
                }
            }
            final long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            most = Math.max(most, allocated);
            if (allocated > MAX_ALLOCATED)
            {
                throw new AssertionError(describe(inputs, input) + ": allocated=" + allocated);
            }
        }
        System.out.printf("T19 %s: seed=%d inputs=%d taken=%d most allocated=%d%n", name, seed, inputs, taken, most);
    }

    private String describe(final int inputs, final byte[] input)
    {
        return name + ": seed=" + seed + " input number " + inputs + "=" +
            HexFormat.of().formatHex(input, 0, Math.min(input.length, 4_000));
    }

    /** What was taken may be damaged further. */
    private void keep(final byte[] input)
    {
        if (input.length < 2 * Long.BYTES)
        {
            return;
        }
        if (corpus.size() < MAX_CORPUS)
        {
            corpus.add(input);
        }
        else
        {
            // The first is left, so that there is always one that is good.
            corpus.set(random.nextInt(1, corpus.size()), input);
        }
    }

    private byte[] next()
    {
        byte[] input = corpus.get(random.nextInt(3) == 0 ? 0 : random.nextInt(corpus.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--)
        {
            input = changed(input);
        }
        if (random.nextInt(8) != 0)
        {
            sealing.seal(input);
        }
        return input;
    }

    private byte[] changed(final byte[] input)
    {
        if (input.length < 2 * Long.BYTES)
        {
            return Arrays.copyOf(input, 2 * Long.BYTES + random.nextInt(64));
        }
        final int at = random.nextInt(input.length - Long.BYTES);
        switch (random.nextInt(8))
        {
            case 0 -> input[at] ^= (byte)(1 << random.nextInt(8));
            case 1 -> input[at] = (byte)random.nextInt();
            case 2 -> number(input, at & -4);
            case 3 -> number(input, at);
            case 4 -> digit(input, at);
            case 5 ->
            {
                return Arrays.copyOf(input, at);
            }
            case 6 ->
            {
                final byte[] other = corpus.get(random.nextInt(corpus.size()));
                final int length = random.nextInt(Math.min(other.length, input.length - at));
                System.arraycopy(other, random.nextInt(other.length - length), input, at, length);
            }
            default ->
            {
                return twice(input, at);
            }
        }
        return input;
    }

    private void number(final byte[] input, final int at)
    {
        final ByteBuffer buffer = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        final long end = ENDS[random.nextInt(ENDS.length)];
        if (random.nextBoolean())
        {
            buffer.putInt(at, (int)end);
        }
        else
        {
            buffer.putLong(at, end);
        }
    }

    /** A digit of a text, or what stands between words. */
    private void digit(final byte[] input, final int from)
    {
        for (int at = from; at < input.length; at++)
        {
            if (input[at] >= '0' && input[at] <= '9')
            {
                input[at] = (byte)"0123456789-%+ \nf".charAt(random.nextInt(16));
                return;
            }
        }
    }

    private byte[] twice(final byte[] input, final int at)
    {
        final int length = Math.min(1 + random.nextInt(input.length - at), MAX_LENGTH - Math.min(input.length, MAX_LENGTH));
        final byte[] longer = new byte[input.length + length];
        System.arraycopy(input, 0, longer, 0, at + length);
        System.arraycopy(input, at, longer, at + length, input.length - at);
        return longer;
    }
}
