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
package io.millrace.operators.sink.rolling;

import com.sun.management.ThreadMXBean;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.Region;
import io.millrace.operators.sink.RecordBuffer;
import io.millrace.operators.ReadingFlyweight;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How records look in files. */
class EncodingTest
{
    private static final int RECORDS = 20_000;

    @TempDir
    Path directory;

    private final RecordBuffer buffer = new RecordBuffer();
    private final MixedFlyweight record = new MixedFlyweight();
    private Region region;

    @BeforeEach
    void allocate()
    {
        region = Region.allocate(new MemoryAccount("test"), "record", MixedFlyweight.TYPE.maxLength());
        record.wrap(region.address(), MixedFlyweight.TYPE.maxLength());
        record.clear();
        record.flag(true).small((byte)-7).medium((short)-300).letter('x').whole(-70_000).large(Long.MIN_VALUE)
            .single(0.1f).precise(1.0 / 3).price(-12_345).side(Mixed.Side.SELL).symbol("EUR/USD").text("plain")
            .code(new byte[] {0, (byte)0xAB, 15}, 0, 3).rest(new byte[] {1, 2}, 0, 2);
        record.reading().time(5).sensor(6).place("here").value(7);
    }

    @AfterEach
    void free()
    {
        region.close();
    }

    private String encoded(final RecordEncoder<? super Mixed> encoder)
    {
        buffer.clear();
        encoder.record(record, buffer.begin());
        buffer.end();
        return new String(buffer.bytes(), 0, buffer.ready(), StandardCharsets.UTF_8);
    }

    private String csv()
    {
        return encoded(new CsvEncoder<Mixed>(MixedFlyweight.TYPE));
    }

    private String json()
    {
        return encoded(new JsonEncoder<Mixed>(MixedFlyweight.TYPE));
    }

    @Test
    void shouldWriteEveryKindOfFieldAsCsv()
    {
        new CsvEncoder<Mixed>(MixedFlyweight.TYPE).header(buffer.begin());
        buffer.end();
        assertEquals("flag,small,medium,letter,whole,large,single,precise,price,side,symbol,text,code,reading.time," +
            "reading.sensor,reading.place,reading.value,rest\n",
            new String(buffer.bytes(), 0, buffer.ready(), StandardCharsets.UTF_8));
        assertEquals("true,-7,-300,x,-70000,-9223372036854775808,0.1,0.3333333333333333,-1.2345,SELL,EUR/USD,plain," +
            "00ab0f,5,6,here,7,0102\n", csv());
    }

    @Test
    void shouldWriteEveryKindOfFieldAsJson()
    {
        assertEquals("{\"flag\":true,\"small\":-7,\"medium\":-300,\"letter\":\"x\",\"whole\":-70000," +
            "\"large\":-9223372036854775808,\"single\":0.1,\"precise\":0.3333333333333333,\"price\":-1.2345," +
            "\"side\":\"SELL\",\"symbol\":\"EUR/USD\",\"text\":\"plain\",\"code\":\"00ab0f\"," +
            "\"reading\":{\"time\":5,\"sensor\":6,\"place\":\"here\",\"value\":7},\"rest\":\"0102\"}\n", json());
    }

    @Test
    void shouldQuoteCsvTextsWithCommasQuotesAndLineBreaks()
    {
        assertTrue(csvText("a,b").endsWith("\"a,b\""));
        assertTrue(csvText("say \"hi\"").endsWith("\"say \"\"hi\"\"\""));
        assertTrue(csvText("two\nlines").endsWith("\"two\nlines\""));
        assertTrue(csvText("two\rlines").endsWith("\"two\rlines\""));
        assertTrue(csvText("\"").endsWith(",\"\"\"\""));
        assertTrue(csvText("tab\tand \u0001").endsWith(",tab\tand \u0001"));
        assertTrue(csvText("Zürich €😀").endsWith(",Zürich €😀"));
        assertTrue(csvText("").endsWith(",EUR/USD,"));
        record.letter('"');
        assertTrue(csv().contains(",\"\"\"\","));
        record.letter(',');
        assertTrue(csv().contains(",\",\","));
    }

    /** What lies before the text field's end. */
    private String csvText(final String text)
    {
        record.text(text);
        final String line = csv();
        return line.substring(0, line.indexOf(",00ab0f,"));
    }

    @Test
    void shouldEscapeJsonTexts()
    {
        assertEquals("say \\\"hi\\\"", jsonText("say \"hi\""));
        assertEquals("back\\\\slash", jsonText("back\\slash"));
        assertEquals("\\n\\r\\t\\b\\f", jsonText("\n\r\t\b\f"));
        assertEquals("\\u0000\\u0001\\u001f\u007f", jsonText("\u0000\u0001\u001f\u007f"));
        assertEquals("a,b", jsonText("a,b"));
        assertEquals("Zürich €😀", jsonText("Zürich €😀"));
        assertEquals("", jsonText(""));
        record.letter('\\');
        assertTrue(json().contains("\"letter\":\"\\\\\""));
        record.letter('\u0007');
        assertTrue(json().contains("\"letter\":\"\\u0007\""));
        record.letter('é');
        assertTrue(json().contains("\"letter\":\"é\""));
    }

    private String jsonText(final String text)
    {
        record.text(text);
        final String line = json();
        return line.substring(line.indexOf("\"text\":\"") + 8, line.indexOf("\",\"code\""));
    }

    @Test
    void shouldWriteNullForWhatIsNoNumberInJson()
    {
        record.single(Float.NaN).precise(Double.NEGATIVE_INFINITY);
        assertTrue(json().contains("\"single\":null,\"precise\":null"));
        assertTrue(csv().contains(",NaN,-Infinity,"));
    }

    @Test
    void shouldWriteDecimalsWithAllTheirDigits()
    {
        record.price(1);
        assertTrue(json().contains("\"price\":0.0001,"));
        record.price(10_000);
        assertTrue(csv().contains(",1.0000,"));
        record.price(Long.MIN_VALUE);
        assertTrue(csv().contains(",-922337203685477.5808,"));
    }

    @Test
    void shouldAllocateNothingForARecord()
    {
        final List<RecordEncoder<Mixed>> encoders = List.of(new CsvEncoder<>(MixedFlyweight.TYPE),
            new JsonEncoder<>(MixedFlyweight.TYPE), new BinaryEncoder<>(MixedFlyweight.TYPE));
        record.text("two\nlines, \"quoted\"");
        for (final RecordEncoder<Mixed> encoder : encoders)
        {
            encode(encoder, RECORDS);
            final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
            final long before = threads.getCurrentThreadAllocatedBytes();
            encode(encoder, RECORDS);
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < RECORDS, () -> encoder.getClass().getSimpleName() + " allocated bytes=" + allocated);
        }
    }

    private void encode(final RecordEncoder<Mixed> encoder, final int records)
    {
        for (int i = 0; i < records; i++)
        {
            buffer.clear();
            encoder.record(record, buffer.begin());
            buffer.end();
        }
    }

    @Test
    void shouldReadBinaryFilesBack() throws IOException
    {
        final Path file = directory.resolve("x.bin");
        final List<MixedValue> expected = new ArrayList<>();
        final BinaryEncoder<Mixed> encoder = new BinaryEncoder<>(MixedFlyweight.TYPE);
        encoder.header(buffer.begin());
        for (int i = 0; i < 10; i++)
        {
            record.whole(i).rest(new byte[i * 10], 0, i * 10);
            expected.add(record.toValue());
            encoder.record(record, buffer);
            buffer.end();
        }
        final byte[] bytes = Arrays.copyOf(buffer.bytes(), buffer.ready());
        Files.write(file, bytes);
        final List<MixedValue> read = new ArrayList<>();
        assertEquals(10, BinaryFiles.read(file, MixedFlyweight.TYPE, each -> read.add(MixedValue.copyOf(each))));
        assertEquals(expected, read);
        assertTrue(assertThrows(IllegalStateException.class,
            () -> BinaryFiles.read(file, ReadingFlyweight.TYPE, each -> {})).getMessage().contains("schema="));
        for (int i = 0; i < bytes.length; i += 7)
        {
            final byte[] damaged = bytes.clone();
            damaged[i] ^= 0x10;
            Files.write(file, damaged);
            assertThrows(IllegalStateException.class, () -> BinaryFiles.read(file, MixedFlyweight.TYPE, each -> {}),
                "flip at " + i);
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertTrue(assertThrows(IllegalStateException.class,
            () -> BinaryFiles.read(file, MixedFlyweight.TYPE, each -> {})).getMessage().contains("behind records=9"));
    }
}
