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
package io.millrace.laboratory;

import java.util.Locale;

/**
 * Sizes and seeds of the laboratory's tests. A size is that of the fast tier, or under {@code -Plong} that of the long
 * one, or what {@code -Dmillrace.lab.NAME=...} says.
 */
final class Laboratory
{
    private static final boolean LONG = "long".equals(System.getProperty("millrace.lab.tier"));

    private Laboratory()
    {
    }

    /**
     * How often a test does what it does.
     *
     * @param name of the size: kills, seeds, minutes, ...
     * @param fast in the fast tier
     * @param full in the long tier
     */
    static int size(final String name, final int fast, final int full)
    {
        return Integer.getInteger("millrace.lab." + name, LONG ? full : fast);
    }

    /** The seed of a run, which is printed with how to take it again. */
    static long seed(final String test)
    {
        final long seed = Long.getLong("millrace.seed", System.nanoTime());
        System.out.printf(Locale.ROOT, "%s: seed=%d, run again with -Dmillrace.seed=%d%n", test, seed, seed);
        return seed;
    }

    /** Says what a test has done, so that its log shows its size. */
    static void report(final String test, final String format, final Object... values)
    {
        System.out.println(test + ": " + String.format(Locale.ROOT, format, values));
    }
}
