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
package io.millrace.memory;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Named places in the engine at which a test ends the process: between two steps that make something durable, and in
 * the middle of one. Off unless the JVM was started with {@code -Dmillrace.killpoints=true}; then a process halts at the
 * place and time that {@link #arm} has named. The flag is a constant for the compiler, so that code behind it costs
 * nothing when it is off:
 * <pre>
 *   if (KillPoint.ENABLED)
 *   {
 *       KillPoint.hit("before sync " + name);
 *   }
 * </pre>
 * Any thread may call it.
 */
public final class KillPoint
{
    /** True when the JVM was started with {@code -Dmillrace.killpoints=true}. */
    public static final boolean ENABLED = Boolean.getBoolean("millrace.killpoints");

    /** Status that a process ends with at its kill point. */
    public static final int EXIT_STATUS = 97;

    private static final Map<String, AtomicInteger> HITS = new ConcurrentHashMap<>();

    private static volatile String armed;
    private static volatile int occurrence;

    private KillPoint()
    {
    }

    /**
     * Says where the process ends.
     *
     * @param point name of the place
     * @param times at which of its occurrences, from 1, counted from the start of the process
     */
    public static void arm(final String point, final int times)
    {
        occurrence = times;
        armed = Objects.requireNonNull(point, "point");
    }

    /**
     * A place is passed. The process ends here, without a finally or a hook, when it is the one that was armed.
     *
     * @param point its name
     */
    public static void hit(final String point)
    {
        if (ENABLED)
        {
            final int times = HITS.computeIfAbsent(point, absent -> new AtomicInteger()).incrementAndGet();
            if (times >= occurrence && point.equals(armed))
            {
                Runtime.getRuntime().halt(EXIT_STATUS);
            }
        }
    }

    /**
     * The places that were passed.
     *
     * @return how often, by name
     */
    public static Map<String, AtomicInteger> hits()
    {
        return Map.copyOf(HITS);
    }
}
