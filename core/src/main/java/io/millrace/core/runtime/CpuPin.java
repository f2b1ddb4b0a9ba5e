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
package io.millrace.core.runtime;

import net.openhft.affinity.Affinity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.BitSet;

/**
 * Pins the current thread to a processor, and looks whether that took effect: without JNA the affinity library does
 * nothing and says nothing. Loaded only where a job asks for it, since the library is optional.
 */
final class CpuPin
{
    private static final Logger LOGGER = LoggerFactory.getLogger(CpuPin.class);
    private static final String[] NEEDED = {"net.openhft.affinity.Affinity", "com.sun.jna.Native"};

    private CpuPin()
    {
    }

    /** Fails early, with the remedy, where threads cannot be pinned. */
    static void check()
    {
        check(CpuPin.class.getClassLoader());
    }

    static void check(final ClassLoader loader)
    {
        for (final String needed : NEEDED)
        {
            try
            {
                Class.forName(needed, false, loader);
            }
            catch (final ClassNotFoundException exception)
            {
                throw new IllegalStateException("pinnedCpus is set but class=" + needed +
                    " is not on the class path: add net.openhft:affinity and net.java.dev.jna:jna " +
                    "(the BOM has their versions), or do not pin", exception);
            }
        }
    }

    /**
     * Pins the current thread. A thread that cannot be pinned runs on unpinned.
     *
     * @param role of the thread
     * @param cpu  number of the processor
     * @return what came of it, for people
     */
    static String pin(final String role, final int cpu)
    {
        String reason;
        try
        {
            Affinity.setAffinity(cpu);
            final BitSet actual = Affinity.getAffinity();
            if (actual.cardinality() == 1 && actual.get(cpu))
            {
                return role + " is pinned to cpu=" + cpu;
            }
            reason = "it may run on cpus=" + actual;
        }
        catch (final RuntimeException | LinkageError exception)
        {
            reason = exception.toString();
        }
        final String outcome = role + " could not be pinned to cpu=" + cpu + ": " + reason;
        LOGGER.warn("{}", outcome);
        return outcome;
    }
}
