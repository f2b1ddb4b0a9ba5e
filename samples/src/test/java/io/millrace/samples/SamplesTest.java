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
package io.millrace.samples;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SamplesTest
{
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {
        "--bogus", "--threads=none", "--state=none", "--repeat=0", "--rate=-1", "--crash-at=x", "--progress=0"})
    void shouldShowTheUsageWhenTheCommandLineMakesNoSense(final String option)
    {
        assertEquals(2, run("market-data", option));

        assertTrue(errors().startsWith("market-data: "), errors());
        assertTrue(errors().contains("Usage: market-data"), errors());
        assertFalse(errors().contains("\tat "), errors());
    }

    @Test
    void shouldNameTheSamplesWhenOneIsUnknown()
    {
        assertEquals(2, run("market-date"));

        assertEquals("sample=market-date is unknown: choose one of [attribution, balances, dedup, fraud, market-data, " +
            "off-heap, page-views, sessions, turnaround, word-count]", errors().trim());
    }

    @Test
    void shouldHelp()
    {
        assertEquals(0, run());
        assertEquals(0, run("--help"));
        assertEquals(0, run("market-data", "--help"));
        assertEquals("", errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "attribution", "balances", "dedup", "fraud", "page-views", "sessions", "turnaround", "word-count"})
    void shouldHelpAndRefuseOtherOptionsWhereThereAreNone(final String sample)
    {
        assertEquals(0, run(sample, "--help"));
        assertEquals("", errors());

        assertEquals(2, run(sample, "--bogus"));
        assertTrue(errors().contains("Usage: " + sample), errors());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "attribution", "balances", "dedup", "fraud", "page-views", "sessions", "turnaround", "word-count"})
    void shouldRunToItsEnd(final String sample)
    {
        assertEquals(0, run(sample), this::errors);
    }

    @Test
    void shouldSayInOneLineWhyASampleFailed(@TempDir final Path directory) throws IOException
    {
        final Path file = Files.writeString(directory.resolve("file"), "in the way");

        assertEquals(1, run("market-data", "--dir", file.resolve("below").toString()));

        assertEquals(1, errors().lines().count(), errors());
        assertTrue(errors().startsWith("market-data failed: "), errors());
        assertTrue(errors().contains(file.toString()), errors());
    }

    @Test
    void shouldAddTheStackTraceWhenAskedTo(@TempDir final Path directory) throws IOException
    {
        final Path file = Files.writeString(directory.resolve("file"), "in the way");

        assertEquals(1, run("market-data", "--stacktrace", "--dir", file.resolve("below").toString()));

        assertTrue(errors().contains("\tat "), errors());
    }

    @Test
    void shouldSayWhatTheCausesSayBeyondIt()
    {
        assertEquals("cannot read a: IOException: disk gone", Samples.oneLine(
            new UncheckedIOException("cannot read a", new IOException("disk gone"))));
        assertEquals("outer: inner", Samples.oneLine(
            new IllegalStateException("outer: inner", new IllegalArgumentException("inner"))));
        assertEquals("NullPointerException", Samples.oneLine(new NullPointerException()));
    }

    private int run(final String... arguments)
    {
        return Samples.run(arguments, new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    private String errors()
    {
        return errors.toString(StandardCharsets.UTF_8);
    }
}
