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
package io.millrace.checkpoint.savepoint;

import io.millrace.core.savepoint.InputDescription;
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.PartDescription;
import io.millrace.core.savepoint.PartKind;
import io.millrace.core.state.StateDescription;
import io.millrace.core.state.StatePlacement;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * What a savepoint's manifest says, as lines of text whose words are URL-encoded, so that they have no blanks:
 * <pre>
 *   millrace savepoint 1
 *   job NAME checkpoint ID maxParallelism GROUPS clock BOOLEAN drained BOOLEAN
 *   operator UID NAME source|operator PARALLELISM LENGTH INDEX-OFFSET INDEX-CRC
 *   state NAME PLACEMENT SLICED KEY-LENGTH STREAM-KEY-LENGTH VALUE-LENGTH RECORD-OFFSET ENTRIES SCHEMA     of the operator above
 *   part KIND KEY
 *   input STREAM CHANNELS
 *   crc HEX                                                                       CRC32C of all bytes before this line
 * </pre>
 * It names no file: that of the n-th operator follows from n.
 *
 * @param job          as it was described
 * @param checkpointId of the savepoint
 * @param drained      whether the last watermark came before it
 * @param files        by operator
 */
record SavepointManifest(JobDescription job, long checkpointId, boolean drained, List<OperatorFile> files)
{
    static final int MAX_LENGTH = 1 << 26;

    private static final String FIRST_LINE = "millrace savepoint " + SavepointDescriptor.FORMAT_VERSION;
    private static final String FIRST_WORDS = "millrace savepoint ";
    private static final int CHECKSUM_LINE_LENGTH = "crc 00000000\n".length();
    private static final int MAX_KEY_LENGTH = 1 << 10;
    private static final int MAX_VALUE_LENGTH = 1 << 20;

    byte[] encode()
    {
        final StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        line(text, "job", job.name(), "checkpoint", checkpointId, "maxParallelism", job.maxParallelism(), "clock", job.clock(),
            "drained", drained);
        for (int i = 0; i < files.size(); i++)
        {
            final OperatorDescription operator = job.operators().get(i);
            final OperatorFile file = files.get(i);
            line(text, "operator", operator.uid(), operator.name(), operator.source() ? "source" : "operator",
                operator.parallelism(), file.length(), file.indexOffset(), HexFormat.of().toHexDigits(file.indexChecksum()));
            for (int j = 0; j < operator.states().size(); j++)
            {
                final StateDescription state = operator.states().get(j);
                line(text, "state", state.name(), state.placement(), state.sliced(), state.keyLength(), state.streamKeyLength(),
                    state.valueLength(), state.recordOffset(), file.entries().get(j), state.schema());
            }
            operator.parts().forEach(part -> line(text, "part", part.kind(), part.key()));
            operator.inputs().forEach(input -> line(text, "input", input.stream(), input.channels()));
        }
        final byte[] body = text.toString().getBytes(StandardCharsets.US_ASCII);
        text.append("crc ").append(HexFormat.of().toHexDigits(checksum(body, body.length))).append('\n');
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void line(final StringBuilder text, final Object... words)
    {
        for (int i = 0; i < words.length; i++)
        {
            text.append(i == 0 ? "" : " ").append(URLEncoder.encode(words[i].toString(), StandardCharsets.UTF_8));
        }
        text.append('\n');
    }

    /** Checksum of a manifest, which tells savepoints apart. */
    static int checksum(final byte[] bytes, final int length)
    {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int)crc.getValue();
    }

    static SavepointManifest decode(final Object savepoint, final byte[] bytes)
    {
        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        final int end = text.indexOf('\n');
        if (end > 0 && text.startsWith(FIRST_WORDS) && !text.substring(0, end).equals(FIRST_LINE) && wholeOrOfAnotherVersion(bytes))
        {
            throw new SavepointDamagedException(savepoint, "it has format=" + text.substring(FIRST_WORDS.length(), end) +
                ", this version reads format=" + SavepointDescriptor.FORMAT_VERSION + ": use the version that wrote it, or a later one");
        }
        if (!wholeOrOfAnotherVersion(bytes))
        {
            throw new SavepointDamagedException(savepoint, "its manifest is damaged, the checksum differs: use another copy");
        }
        try
        {
            return new Lines(text.substring(0, text.length() - CHECKSUM_LINE_LENGTH).split("\n")).parse();
        }
        catch (final IllegalArgumentException | IndexOutOfBoundsException exception)
        {
            throw new SavepointDamagedException(savepoint, "its manifest cannot be read: " + exception.getMessage(), exception);
        }
    }

    private static boolean wholeOrOfAnotherVersion(final byte[] bytes)
    {
        final int body = bytes.length - CHECKSUM_LINE_LENGTH;
        return body > 0 && new String(bytes, body, CHECKSUM_LINE_LENGTH, StandardCharsets.ISO_8859_1)
            .equals("crc " + HexFormat.of().toHexDigits(checksum(bytes, body)) + "\n");
    }

    /** Parses the lines; every number is checked here. */
    private static final class Lines
    {
        private final String[] lines;
        private int next = 1;

        Lines(final String[] lines)
        {
            this.lines = lines;
        }

        private SavepointManifest parse()
        {
            final String[] head = words(next++, "job", 10);
            final int maxParallelism = number(head[5], 1, 1 << 15);
            final List<OperatorDescription> operators = new ArrayList<>();
            final List<OperatorFile> files = new ArrayList<>();
            final Set<String> uids = new HashSet<>();
            while (next < lines.length)
            {
                final OperatorDescription operator = operator(files, maxParallelism);
                if (!uids.add(operator.uid()) || operators.size() == SavepointDescriptor.MAX_OPERATORS)
                {
                    throw new IllegalArgumentException("uid=" + operator.uid() + " is there twice, or there are too many");
                }
                operators.add(operator);
            }
            return new SavepointManifest(new JobDescription(head[1], maxParallelism, Boolean.parseBoolean(head[7]), operators),
                number(head[3], 0, Long.MAX_VALUE), Boolean.parseBoolean(head[9]), files);
        }

        private OperatorDescription operator(final List<OperatorFile> files, final int maxParallelism)
        {
            final String[] words = words(next++, "operator", 8);
            final List<StateDescription> states = new ArrayList<>();
            final List<Long> entries = new ArrayList<>();
            while (next < lines.length && lines[next].startsWith("state "))
            {
                states.add(state(words(next++, "state", 10), entries));
            }
            final List<PartDescription> parts = new ArrayList<>();
            while (next < lines.length && lines[next].startsWith("part "))
            {
                final String[] part = words(next++, "part", 3);
                parts.add(new PartDescription(PartKind.valueOf(part[1]), part[2]));
            }
            final List<InputDescription> inputs = new ArrayList<>();
            while (next < lines.length && lines[next].startsWith("input "))
            {
                final String[] input = words(next++, "input", 3);
                inputs.add(new InputDescription(input[1], number(input[2], 1, 1 << 15)));
            }
            final long length = number(words[5], SavepointDescriptor.HEADER_LENGTH, Long.MAX_VALUE);
            files.add(new OperatorFile(length, number(words[6], SavepointDescriptor.HEADER_LENGTH, length),
                HexFormat.fromHexDigits(words[7]), entries));
            return new OperatorDescription(words[1], words[2], "source".equals(words[3]), number(words[4], 1, maxParallelism),
                states, parts, inputs);
        }

        private static StateDescription state(final String[] words, final List<Long> entries)
        {
            final int keyLength = multiple(number(words[4], Long.BYTES, MAX_KEY_LENGTH));
            final int valueLength = multiple(number(words[6], 0, MAX_VALUE_LENGTH));
            entries.add(number(words[8], 0, Long.MAX_VALUE));
            return new StateDescription(words[1], StatePlacement.valueOf(words[2]), Boolean.parseBoolean(words[3]), keyLength,
                multiple(number(words[5], Long.BYTES, keyLength)), valueLength, multiple(number(words[7], 0, valueLength)), words[9]);
        }

        private static int multiple(final int length)
        {
            if ((length & 7) != 0)
            {
                throw new IllegalArgumentException("length=" + length + " is not a multiple of 8");
            }
            return length;
        }

        private String[] words(final int line, final String key, final int count)
        {
            final String[] words = lines[line].split(" ", -1);
            if (words.length != count || !words[0].equals(key))
            {
                throw new IllegalArgumentException("line " + (line + 1) + " should be " + key + " with words=" + count);
            }
            for (int i = 0; i < count; i++)
            {
                words[i] = URLDecoder.decode(words[i], StandardCharsets.UTF_8);
            }
            return words;
        }

        private static int number(final String word, final int least, final int most)
        {
            return (int)number(word, (long)least, (long)most);
        }

        private static long number(final String word, final long least, final long most)
        {
            final long number = Long.parseLong(word);
            if (number < least || number > most)
            {
                throw new IllegalArgumentException("number=" + number + " is not from " + least + " to " + most);
            }
            return number;
        }
    }
}
