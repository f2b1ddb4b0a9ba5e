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
package io.millrace.checkpoint.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What a checkpoint consists of, as a file of lines that a person can read. Its last line is the CRC32C of all bytes
 * before.
 * <pre>
 *   millrace-manifest 1
 *   job orders
 *   checkpoint 12
 *   previous 11 6b86b273...            SHA-256 of the manifest before, or: previous none
 *   fingerprint p%3D2                  UTF-8, other than printable ASCII as %XX
 *   finished false
 *   entry source-1 0a00ff              hexadecimal
 *   file base-0000000000000000003.data 8192 4 1a2b3c4d       size, blocks, CRC32C; in the order of the chain
 *   file checkpoint-0000000000000000012.data 96 1 00c0ffee
 *   crc 89abcdef
 * </pre>
 *
 * @param job          name of the job
 * @param checkpoint   id
 * @param previous     id of the checkpoint before, 0 when there is none
 * @param previousHash of that one's manifest, empty when there is none
 * @param metadata     what the coordinator stores
 * @param chain        base first, then deltas in order
 */
record Manifest(
    String job, long checkpoint, long previous, String previousHash, CheckpointMetadata metadata, List<DataFile> chain)
{
    static final int MAX_LENGTH = 16 << 20;

    private static final String FIRST_LINE = "millrace-manifest 1";
    private static final HexFormat HEX = HexFormat.of();

    byte[] encode()
    {
        final StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        text.append("job ").append(job).append('\n');
        text.append("checkpoint ").append(checkpoint).append('\n');
        text.append("previous ").append(previous == 0 ? "none" : previous + " " + previousHash).append('\n');
        text.append("fingerprint ").append(escape(metadata.fingerprint())).append('\n');
        text.append("finished ").append(metadata.finished()).append('\n');
        for (final String key : metadata.keys())
        {
            text.append("entry ").append(key).append(' ').append(HEX.formatHex(metadata.entry(key))).append('\n');
        }
        for (final DataFile file : chain)
        {
            text.append("file ").append(file.name()).append(' ').append(file.size()).append(' ').append(file.blocks());
            text.append(' ').append(HEX.toHexDigits(file.checksum())).append('\n');
        }
        final byte[] body = text.toString().getBytes(StandardCharsets.US_ASCII);
        text.append(checksumLine(body, body.length));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** What {@link #encode} has written, to the byte; anything else is damage. */
    static Manifest decode(final byte[] bytes) throws DamagedFileException
    {
        final int checksumLength = checksumLine(bytes, 0).length();
        final int bodyLength = bytes.length - checksumLength;
        if (bodyLength < 0 || !checksumLine(bytes, bodyLength).equals(
            new String(bytes, bodyLength, checksumLength, StandardCharsets.ISO_8859_1)))
        {
            throw new DamagedFileException("its CRC32C does not match its length=" + bytes.length);
        }
        try
        {
            final String text = new String(bytes, 0, bodyLength, StandardCharsets.US_ASCII);
            final Manifest manifest = parse(text.split("\n", -1));
            if (!MessageDigest.isEqual(bytes, manifest.encode()))
            {
                throw new DamagedFileException("it is not in the form that it is written in");
            }
            return manifest;
        }
        catch (final IllegalArgumentException | IndexOutOfBoundsException exception)
        {
            throw new DamagedFileException("it cannot be read: " + exception.getMessage());
        }
    }

    static String hash(final byte[] bytes)
    {
        return HEX.formatHex(sha256(bytes));
    }

    /** First bytes of the SHA-256 of a job's name: what every block carries. */
    static long jobHash(final String job)
    {
        long hash = 0;
        final byte[] digest = sha256(job.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < Long.BYTES; i++)
        {
            hash = hash << 8 | digest[i] & 0xFF;
        }
        return hash;
    }

    private static Manifest parse(final String[] lines)
    {
        int next = 0;
        if (!lines[next++].equals(FIRST_LINE))
        {
            throw new IllegalArgumentException("its first line is " + lines[0] + ": another version wrote it");
        }
        final String job = value(lines[next++], "job ");
        final long checkpoint = Long.parseLong(value(lines[next++], "checkpoint "));
        final String[] previous = value(lines[next++], "previous ").split(" ", 2);
        final boolean first = previous[0].equals("none");
        final String fingerprint = unescape(value(lines[next++], "fingerprint "));
        final boolean finished = value(lines[next++], "finished ").equals("true");
        final Map<String, byte[]> entries = new TreeMap<>();
        while (lines[next].startsWith("entry "))
        {
            final String[] parts = lines[next++].split(" ", -1);
            entries.put(parts[1], HEX.parseHex(parts[2]));
        }
        final List<DataFile> chain = new ArrayList<>();
        while (lines[next].startsWith("file "))
        {
            final String[] parts = lines[next++].split(" ", -1);
            if (!FileNames.isData(parts[1]))
            {
                throw new IllegalArgumentException("it lists file=" + parts[1] + ", which is not a data file's name");
            }
            chain.add(new DataFile(
                parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]), HexFormat.fromHexDigits(parts[4])));
        }
        return new Manifest(job, checkpoint, first ? 0 : Long.parseLong(previous[0]), first ? "" : previous[1],
            new CheckpointMetadata(fingerprint, finished, entries), List.copyOf(chain));
    }

    private static String value(final String line, final String key)
    {
        if (!line.startsWith(key))
        {
            throw new IllegalArgumentException("a line should start with " + key);
        }
        return line.substring(key.length());
    }

    private static String checksumLine(final byte[] bytes, final int length)
    {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return "crc " + HEX.toHexDigits((int)crc.getValue()) + "\n";
    }

    private static byte[] sha256(final byte[] bytes)
    {
        try
        {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        }
        catch (final NoSuchAlgorithmException exception)
        {
            throw new IllegalStateException("this JVM has no SHA-256, which every JVM must have", exception);
        }
    }

    private static String escape(final String text)
    {
        final StringBuilder escaped = new StringBuilder();
        for (final byte value : text.getBytes(StandardCharsets.UTF_8))
        {
            if (value > ' ' && value < 127 && value != '%')
            {
                escaped.append((char)value);
            }
            else
            {
                escaped.append('%').append(HEX.withUpperCase().toHexDigits(value));
            }
        }
        return escaped.toString();
    }

    private static String unescape(final String text)
    {
        final byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++)
        {
            final boolean escaped = text.charAt(i) == '%';
            bytes[length++] = (byte)(escaped ? HexFormat.fromHexDigits(text, i + 1, i + 3) : text.charAt(i));
            i += escaped ? 2 : 0;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
