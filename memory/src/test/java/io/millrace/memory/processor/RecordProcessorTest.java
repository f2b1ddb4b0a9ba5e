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
package io.millrace.memory.processor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import javax.tools.Diagnostic;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is refused, with which message, and where the message points. */
class RecordProcessorTest
{
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '~', value = {
        "String name(); ~ name ~ has type=java.lang.String, a field is a primitive, @Decimal(n) long, an enum",
        "String name(); ~ name ~ use @Ascii(n) or @Utf8(n) CharSequence",
        "byte[] name(); ~ name ~ use @FixedBytes(n) or @VarBytes(n) ByteView",
        "java.math.BigDecimal price(); ~ price ~ use @Decimal(n) long",
        "Object thing(); ~ thing ~ has type=java.lang.Object",
        "Runnable thing(); ~ thing ~ has type=java.lang.Runnable",
        "long at(int index); ~ at ~ method=at(int) has parameters",
        "void touch(); ~ touch ~ field=touch is void",
        "<T> long any(); ~ any ~ field=any has type parameters",
        "CharSequence name(); ~ name ~ annotate it @Ascii(n) or @Utf8(n), n from 1 to 65535",
        "ByteView id(); ~ id ~ annotate it @FixedBytes(n), n from 1 to 65535, or @VarBytes(n), n from 1 to 1048576",
        "@Decimal(2) int price(); ~ price ~ has @Decimal, which is for a long, on type=int",
        "@Decimal(19) long price(); ~ price ~ has @Decimal(19): n from 0 to 18 is allowed",
        "@Decimal(-1) long price(); ~ price ~ has @Decimal(-1): n from 0 to 18 is allowed",
        "@Ascii(0) CharSequence name(); ~ name ~ has @Ascii(0): n from 1 to 65535 is allowed",
        "@Utf8(65536) CharSequence name(); ~ name ~ has @Utf8(65536): n from 1 to 65535 is allowed",
        "@FixedBytes(0) ByteView id(); ~ id ~ has @FixedBytes(0): n from 1 to 65535 is allowed",
        "@VarBytes(1048577) ByteView id(); ~ id ~ has @VarBytes(1048577): n from 1 to 1048576 is allowed",
        "@Ascii(4) long name(); ~ name ~ has @Ascii, which is for a CharSequence, on type=long",
        "@FixedBytes(4) long id(); ~ id ~ has @FixedBytes, which is for a ByteView, on type=long",
        "@Ascii(4) @Utf8(4) CharSequence name(); ~ name ~ has @Ascii and @Utf8: keep one of them",
        "@EventTime int time(); ~ time ~ has @EventTime, which is for a plain long, on type=int",
        "@EventTime @Decimal(3) long time(); ~ time ~ has @EventTime, which is for a plain long, on type=@Decimal long",
        "@EventTime long a();@EventTime long b(); ~ b ~ field=b has @EventTime, and so has field=a",
        "long fooBar(); long foo_bar(); ~ foo_bar ~ clashes with field=fooBar: both have the constant FOO_BAR_OFFSET",
        "long address(); ~ address ~ collides with method address of the flyweight",
        "long type(); ~ type ~ collides with method type of the flyweight",
        "long blockLength(); ~ blockLength ~ collides with method blockLength of the flyweight",
        "long copyOf(); ~ copyOf ~ collides with method copyOf of the value",
        "int hashCode(); ~ hashCode ~ collides with method hashCode of java.lang.Object",
        "long x(); default void clear() {} ~ clear ~ method=clear collides with method clear of the flyweight",
        "long x(); int address = 1; ~ address ~ constant=address collides with field address",
        "enum None {} None none(); ~ none ~ with 0 constants: 1 to 256 are allowed",
    })
    void shouldPointAtTheField(final String members, final String element, final String message)
    {
        final Compilation compilation = Compilation.ofType("Bad",
            "@OffHeapRecord\ninterface Bad\n{\n    " + members + "\n}\n");

        assertFalse(compilation.successful());
        assertEquals(1, compilation.errors().size(), compilation.report());
        final Diagnostic<?> error = compilation.errors().get(0);
        assertTrue(text(error).contains(message), compilation.report());
        assertEquals(6, error.getLineNumber(), compilation.report());
        final String line = "    " + members;
        assertEquals(line.lastIndexOf(element) + 1, error.getColumnNumber(), compilation.report());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '~', value = {
        "class Bad { long x() { return 0; } } ~ is not an interface",
        "record Bad(long x) {} ~ is not an interface",
        "@interface Bad { long x(); } ~ is not an interface",
        "interface Bad {} ~ has no fields",
        "interface Bad { default long x() { return 0; } } ~ has no fields",
        "interface Bad<T> { long x(); } ~ has type parameters",
    })
    void shouldPointAtTheInterface(final String declaration, final String message)
    {
        final Compilation compilation = Compilation.ofType("Bad", "@OffHeapRecord\n" + declaration);

        assertEquals(1, compilation.errors().size(), compilation.report());
        assertEquals(4, compilation.errors().get(0).getLineNumber());
        assertTrue(text(compilation.errors().get(0)).contains("record=Bad " + message), compilation.report());
    }

    @Test
    void shouldReportEveryFieldOfARecord()
    {
        final Compilation compilation = Compilation.ofType("Bad",
            "@OffHeapRecord\ninterface Bad\n{\nString a();\nlong b();\nObject c();\nCharSequence d();\n}\n");

        assertEquals(List.of(6L, 8L, 9L), compilation.errors().stream().map(Diagnostic::getLineNumber).toList());
    }

    @Test
    void shouldRefusePrivateInterface()
    {
        assertError("class Outer\n{\n@OffHeapRecord\nprivate interface Hidden { long x(); }\n}\n", 6,
            "record=Hidden is private or nested in what is private");
        assertError("class Outer\n{\nprivate static class Inner\n{\n@OffHeapRecord\ninterface Hidden { long x(); " +
            "}\n}\n}\n", 8, "record=Hidden is private or nested in what is private");
    }

    @Test
    void shouldRefusePrivateEnum()
    {
        assertError("class Outer\n{\nprivate enum Side { BUY }\n@OffHeapRecord\ninterface Hidden { Side side(); }\n}\n",
            7, "field=side is of enum=test.Outer.Side, which is private");
    }

    @Test
    void shouldRefuseSealedInterface()
    {
        assertError("class Outer\n{\n@OffHeapRecord\nsealed interface Bad permits Good { long x(); }\n" +
            "record Good(long x) implements Bad {}\n}\n", 6, "record=Bad is sealed");
    }

    @Test
    void shouldRefuseNameThatWouldBreakTheSchema()
    {
        assertError("@OffHeapRecord(name = \"a{b\")\ninterface Outer { long x(); }\n", 4, "has name=\"a{b\"");
    }

    @Test
    void shouldRefuseTooManyConstants()
    {
        final String constants = IntStream.rangeClosed(0, 256).mapToObj(i -> "C" + i).collect(Collectors.joining(", "));

        assertError("@OffHeapRecord\ninterface Outer\n{\nenum Big { " + constants + " }\nBig big();\n}\n", 7,
            "field=big is of enum=test.Outer.Big with 257 constants");
    }

    @Test
    void shouldRefuseMoreFieldsThanAConstructorTakes()
    {
        final String fields =
            IntStream.range(0, 128).mapToObj(i -> "long f" + i + "();").collect(Collectors.joining("\n"));

        assertError("@OffHeapRecord\ninterface Outer\n{\n" + fields + "\n}\n", 4,
            "has fields=128, which take 256 parameter slots");
    }

    @Test
    void shouldRefuseRecordThatContainsItself()
    {
        assertError("@OffHeapRecord\ninterface Outer\n{\nlong x();\nOuter next();\n}\n", 7,
            "record=test.Outer contains itself: test.Outer > test.Outer");
    }

    @Test
    void shouldRefuseVariableBytesInNestedRecord()
    {
        assertError("class Outer\n{\n@OffHeapRecord interface Blob { @VarBytes(8) ByteView bytes(); }\n" +
            "@OffHeapRecord interface Bad { Blob blob(); }\n}\n", 6,
            "field=blob is of record=test.Outer.Blob, which has @VarBytes: a nested record has a fixed length");
    }

    @Test
    void shouldRefuseFieldOfBadRecordOnce()
    {
        final Compilation compilation = Compilation.ofType("Outer",
            "class Outer\n{\n@OffHeapRecord interface A { B b(); }\n@OffHeapRecord interface B { String x(); }\n}\n");

        assertEquals(2, compilation.errors().size(), compilation.report());
        assertTrue(compilation.report().contains("field=b is of record=test.Outer.B, which has errors of its own"));
    }

    @Test
    void shouldRefuseFieldDeclaredTwice()
    {
        assertError("@OffHeapRecord\ninterface Outer extends Timed\n{\nlong time();\n}\ninterface Timed { long " +
            "time(); }\n", 6, "field=time is declared twice: keep one declaration");
    }

    @Test
    void shouldPointAtTheInterfaceForAnInheritedField()
    {
        assertError("interface Outer\n{\nString name();\n@OffHeapRecord\ninterface Bad extends Outer { long x(); " +
            "}\n}\n", 7, "field=name has type=java.lang.String");
    }

    @Test
    void shouldRefuseTwoRecordsOfOneName()
    {
        final Compilation compilation = Compilation.of(Map.of(
            "test.A", Compilation.inPackage("class A { @OffHeapRecord interface Trade { long x(); } }"),
            "test.B", Compilation.inPackage("class B { @OffHeapRecord interface Trade { long x(); } }")));

        assertEquals(2, compilation.errors().size(), compilation.report());
        assertTrue(compilation.report().contains("generates class=test.TradeFlyweight, which exists already"),
            compilation.report());
    }

    @Test
    void shouldRefuseToReplaceAWrittenClass()
    {
        final Compilation compilation = Compilation.of(Map.of(
            "test.Trade", Compilation.inPackage("@OffHeapRecord interface Trade { long x(); }"),
            "test.TradeValue", Compilation.inPackage("class TradeValue {}")));

        assertTrue(compilation.report().contains("generates class=test.TradeValue, which exists already"),
            compilation.report());
    }

    private static void assertError(final String declaration, final long line, final String message)
    {
        final Compilation compilation = Compilation.ofType("Outer", declaration);
        assertFalse(compilation.successful());
        assertEquals(1, compilation.errors().size(), compilation.report());
        assertEquals(line, compilation.errors().get(0).getLineNumber(), compilation.report());
        assertTrue(text(compilation.errors().get(0)).contains(message), compilation.report());
    }

    private static String text(final Diagnostic<?> error)
    {
        return error.getMessage(Locale.ROOT);
    }
}
