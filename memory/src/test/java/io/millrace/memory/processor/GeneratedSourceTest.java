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
import org.junit.jupiter.api.io.TempDir;

import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.ToolProvider;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is generated compiles with {@code -Xlint:all,-processing -Werror}, wherever the interface is declared. */
class GeneratedSourceTest
{
    private static final String ALL_KINDS = """
        %s interface All
        {
            boolean a(); byte b(); short c(); char d(); int e(); long f(); float g(); double h();
            @EventTime long time();
            @Decimal(0) long units();
            @Decimal(18) long price();
            Side side();
            @Ascii(255) CharSequence ascii();
            @Ascii(256) CharSequence longAscii();
            @Utf8(10) CharSequence utf8();
            @FixedBytes(3) ByteView fixed();
            @VarBytes(10) ByteView variable();
            Leg leg();
            double yield(); int record(); long value(); int hash(); long text(); int other(); int that();
            int offset(); int length();
            static int twice(final int x) { return 2 * x; }
            default long sum() { return time() + units(); }
            enum Side { BUY, SELL }
            @OffHeapRecord interface Leg { long id(); @Ascii(4) CharSequence name(); }
        }
        """;

    @Test
    void shouldCompileWithoutWarnings()
    {
        for (final String visibility : List.of("", "public "))
        {
            final Compilation compilation = Compilation.ofType("All", "@OffHeapRecord " +
                ALL_KINDS.formatted(visibility));

            assertTrue(compilation.successful(), compilation.report());
            assertEquals("", compilation.report());
            assertTrue(compilation.generated("test.AllFlyweight").contains(visibility + "final class AllFlyweight"));
            assertNotNull(compilation.generated("test.LegValue"));
        }
    }

    @Test
    void shouldIndentAndNotLeaveBlanks()
    {
        final Compilation compilation = Compilation.ofType("All", "@OffHeapRecord " + ALL_KINDS.formatted(""));

        for (final String name : List.of("test.AllFlyweight", "test.AllValue", "test.LegFlyweight", "test.LegValue"))
        {
            final List<String> lines = compilation.generated(name).lines().toList();
            for (int i = 1; i < lines.size(); i++)
            {
                final String line = lines.get(i);
                assertFalse(line.endsWith(" "), name + ": " + line);
                assertFalse(line.isEmpty() && lines.get(i - 1).isEmpty(), name + " has two blank lines at " + i);
                assertFalse(line.matches("[^*}]*\\(.*\\{"), name + ": " + line);
            }
        }
    }

    @Test
    void shouldWriteAccessorsThatAreOneLoadOrStore()
    {
        final Compilation compilation = Compilation.ofType("Trade",
            "@OffHeapRecord interface Trade { long time(); double price(); }");

        assertTrue(compilation.generated("test.TradeFlyweight").contains("""
                @Override
                public double price()
                {
                    if (DebugMode.ENABLED)
                    {
                        checkAccess("price");
                    }
                    return Memory.getDouble(address + PRICE_OFFSET);
                }
            """));
        assertTrue(compilation.generated("test.TradeFlyweight").contains("""
                public TradeFlyweight price(final double value)
                {
                    if (DebugMode.ENABLED)
                    {
                        checkAccess("price");
                    }
                    Memory.putDouble(address + PRICE_OFFSET, value);
                    return this;
                }
            """));
    }

    @Test
    void shouldCompileInTheUnnamedPackage()
    {
        assertClean(Compilation.of(Map.of("Trade", """
            import io.millrace.memory.record.*;
            @OffHeapRecord public interface Trade { long x(); Side side(); Leg leg(); enum Side { A } }
            """, "Leg", """
            import io.millrace.memory.record.*;
            @OffHeapRecord public interface Leg { long x(); }
            """)));
    }

    @Test
    void shouldCompileForAnInterfaceInAClass()
    {
        final Compilation compilation = Compilation.ofType("Outer", """
            public class Outer
            {
                private Outer() {}
                public enum Side { BUY }
                @OffHeapRecord public interface Trade { Side side(); Leg leg(); }
                @OffHeapRecord protected interface Leg { long x(); }
                @OffHeapRecord interface Hidden { long x(); }
            }
            """);

        assertClean(compilation);
        assertTrue(compilation.generated("test.TradeFlyweight").contains(
            "public final class TradeFlyweight extends Flyweight implements Outer.Trade"));
        assertFalse(compilation.generated("test.HiddenFlyweight").contains("public final class"));
    }

    @Test
    void shouldCompileAcrossPackagesAndCompilations()
    {
        final Compilation venue = Compilation.of(Map.of("other.Venue",
            "package other;\nimport io.millrace.memory.record.*;\n" +
                "@OffHeapRecord public interface Venue { @Ascii(4) CharSequence mic(); Kind kind(); enum Kind { LIT, " +
                "DARK } }"));
        assertClean(venue);

        final Compilation trade = venue.then(Map.of("test.Trade", Compilation.inPackage(
            "@OffHeapRecord public interface Trade { other.Venue venue(); other.Venue.Kind kind(); }")));

        assertClean(trade);
        assertTrue(trade.generated("test.TradeFlyweight").contains("import other.VenueFlyweight;"));
        assertNull(trade.generated("other.VenueFlyweight"));
    }

    @Test
    void shouldCompileAgainAfterItsClassesWereWritten(@TempDir final Path directory) throws IOException
    {
        final Path source = Files.writeString(directory.resolve("Trade.java"),
            "import io.millrace.memory.record.*;\n@OffHeapRecord interface Trade { long x(); @Ascii(4) CharSequence " +
            "name(); }\n");
        final String output = Files.createDirectory(directory.resolve("classes")).toString();
        for (int i = 0; i < 3; i++)
        {
            final ByteArrayOutputStream errors = new ByteArrayOutputStream();
            final int result = ToolProvider.getSystemJavaCompiler().run(null, null, errors,
                "-Xlint:all,-processing", "-Werror", "-processor", RecordProcessor.class.getName(), "-d", output,
                "-cp", output + File.pathSeparator + System.getProperty("java.class.path"), source.toString());

            assertEquals("", errors.toString(StandardCharsets.UTF_8));
            assertEquals(0, result);
            assertTrue(Files.exists(Path.of(output, "TradeValue.class")));
        }
    }

    @Test
    void shouldNotBeConfusedByNamesOfItsOwnImports()
    {
        final Compilation compilation = Compilation.of(Map.of(
            "test.Memory",
            Compilation.inPackage("@OffHeapRecord interface Memory { long x(); Flyweight y(); DebugMode z(); }"),
            "test.Flyweight", "package test;\nimport io.millrace.memory.record.OffHeapRecord;\n" +
                "@OffHeapRecord interface Flyweight { long x(); enum FieldCodec { A } FieldCodec codec(); }",
            "test.DebugMode", "package test;\nenum DebugMode { ON }"));

        assertClean(compilation);
    }

    @Test
    void shouldTakeInheritedFieldsFirst()
    {
        final Compilation compilation = Compilation.ofType("Trade", """
            @OffHeapRecord interface Trade extends Timed, Named { double price(); default int lots() { return 1; } }
            interface Timed { @EventTime long time(); }
            interface Named extends Timed { @Ascii(8) CharSequence name(); int lots(); }
            """);

        final String source = compilation.generated("test.TradeFlyweight");
        assertNotNull(source, compilation.report());
        assertTrue(source.contains("TIME_OFFSET = 0;"));
        assertTrue(source.contains("NAME_OFFSET = 8;"));
        assertTrue(source.contains("PRICE_OFFSET = 24;"));
        assertFalse(source.contains("LOTS_OFFSET"));
    }

    @Test
    void shouldResolveTypeVariablesOfSuperinterfaces()
    {
        final String side = "package test;\nenum Side { BUY }";
        assertClean(Compilation.of(Map.of("test.Side", side, "test.Trade", Compilation.inPackage("""
            @OffHeapRecord interface Trade extends Sided<Side>, Comparable<Trade>
            {
                long x();
                default int compareTo(final Trade other) { return Long.compare(x(), other.x()); }
            }
            interface Sided<S> { S side(); }
            """))));
    }

    @Test
    void shouldNotWarnAboutDeprecatedFields()
    {
        assertClean(Compilation.ofType("Trade",
            "@OffHeapRecord interface Trade { @Deprecated long old(); @Deprecated(forRemoval = true) @Ascii(4) " +
            "CharSequence older(); }"));
    }

    @Test
    void shouldWaitForATypeThatAnotherProcessorWrites()
    {
        final Compilation compilation = Compilation.of(
            Map.of("test.Trade", Compilation.inPackage("@OffHeapRecord interface Trade { long x(); Written side(); }")),
            List.of(new RecordProcessor(), new EnumProcessor()));

        assertClean(compilation);
        assertNotNull(compilation.generated("test.TradeFlyweight"));
    }

    @Test
    void shouldLeaveUnknownTypesToJavac()
    {
        final Compilation compilation = Compilation.ofType("Trade", "@OffHeapRecord interface Trade { Nowhere x(); }");

        assertEquals(1, compilation.errors().size(), compilation.report());
        assertTrue(compilation.report().contains("cannot find symbol"), compilation.report());
    }

    @Test
    void shouldSupportEveryRelease()
    {
        assertEquals(SourceVersion.latestSupported(), new RecordProcessor().getSupportedSourceVersion());
    }

    @Test
    void shouldTurnCamelCaseIntoConstants()
    {
        assertEquals("PRICE", FieldModel.constantName("price"));
        assertEquals("BID_PRICE_2", FieldModel.constantName("bidPrice_2"));
        assertEquals("ISIN_CODE", FieldModel.constantName("ISINCode"));
    }

    private static void assertClean(final Compilation compilation)
    {
        assertTrue(compilation.successful(), compilation.report());
        assertEquals("", compilation.report());
    }

    /** Writes an enum in the first round. */
    private static final class EnumProcessor extends AbstractProcessor
    {
        private boolean written;

        @Override
        public Set<String> getSupportedAnnotationTypes()
        {
            return Set.of("*");
        }

        @Override
        public SourceVersion getSupportedSourceVersion()
        {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(final Set<? extends TypeElement> annotations, final RoundEnvironment round)
        {
            if (!written)
            {
                written = true;
                try (Writer writer = processingEnv.getFiler().createSourceFile("test.Written").openWriter())
                {
                    writer.write("package test;\nenum Written { A }\n");
                }
                catch (final IOException exception)
                {
                    throw new UncheckedIOException(exception);
                }
            }
            return false;
        }
    }
}
