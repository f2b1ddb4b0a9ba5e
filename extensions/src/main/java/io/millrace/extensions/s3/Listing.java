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
package io.millrace.extensions.s3;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What the one object says that changes: the files that there are. Text that a person can read; its last line is the
 * CRC32C of all bytes before.
 * <pre>
 *   millrace-directory 1
 *   life 3 5f0c...                                the number, and a name that no other life has
 *   clean false
 *   file manifest-0000000000000000012 3 812         name, the life that wrote it, bytes
 *   crc 89abcdef
 * </pre>
 *
 * @param life  that put it; each start of the job is one more
 * @param owner that life's own name
 * @param clean whether that life stopped in order
 * @param files by name
 */
record Listing(long life, String owner, boolean clean, Map<String, StoredFile> files)
{
    /** More than a directory of the longest chain needs. */
    static final int MAX_LENGTH = 16 << 20;

    private static final String FIRST_LINE = "millrace-directory 1";
    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,128}");

    /**
     * A file.
     *
     * @param life   that wrote it
     * @param length in bytes
     */
    record StoredFile(long life, long length)
    {
    }

    byte[] encode()
    {
        final StringBuilder text = new StringBuilder(FIRST_LINE).append("\nlife ").append(life).append(' ').append(owner);
        text.append("\nclean ").append(clean).append('\n');
        new TreeMap<>(files).forEach((name, file) -> text.append("file ").append(name).append(' ').append(file.life)
            .append(' ').append(file.length).append('\n'));
        return (text + checksum(text.toString())).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads what {@link #encode} has written.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    static Listing decode(final byte[] bytes)
    {
        final String text = new String(bytes, StandardCharsets.US_ASCII);
        final int end = text.lastIndexOf("crc ");
        if (end < 0 || !text.substring(end).equals(checksum(text.substring(0, end))))
        {
            throw new IllegalArgumentException("its CRC32C does not match its length=" + bytes.length);
        }
        final String[] lines = text.substring(0, end).split("\n", -1);
        if (lines.length < 4 || !lines[0].equals(FIRST_LINE))
        {
            throw new IllegalArgumentException("its first line is " + lines[0] + ": another version wrote it");
        }
        final Map<String, StoredFile> files = new TreeMap<>();
        for (int i = 3; i < lines.length - 1; i++)
        {
            final String[] parts = lines[i].split(" ", -1);
            if (parts.length != 4 || !NAME.matcher(parts[1]).matches())
            {
                throw new IllegalArgumentException("line " + i + " does not name a file");
            }
            files.put(parts[1], new StoredFile(Long.parseLong(parts[2]), Long.parseLong(parts[3])));
        }
        final String[] life = lines[1].split(" ", -1);
        if (life.length != 3 || !life[0].equals("life"))
        {
            throw new IllegalArgumentException("it does not say whose it is");
        }
        return new Listing(Long.parseLong(life[1]), life[2], lines[2].equals("clean true"), files);
    }

    private static String checksum(final String body)
    {
        final CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        return "crc " + HexFormat.of().toHexDigits((int)crc.getValue()) + "\n";
    }
}
