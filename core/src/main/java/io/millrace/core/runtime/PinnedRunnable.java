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

import java.util.BitSet;
import java.util.List;

/**
 * Pins its thread to a processor before it runs, and looks whether that took effect: without JNA the affinity library
 * does nothing and says nothing.
 */
final class PinnedRunnable implements Runnable
{
    private final Runnable runnable;
    private final int cpu;
    private final String role;
    private final List<String> report;

    PinnedRunnable(final Runnable runnable, final int cpu, final String role, final List<String> report)
    {
        this.runnable = runnable;
        this.cpu = cpu;
        this.role = role;
        this.report = report;
    }

    /** Fails early, with the remedy, where threads cannot be pinned. */
    static void check()
    {
        try
        {
            Class.forName("net.openhft.affinity.Affinity");
            Class.forName("com.sun.jna.Native");
        }
        catch (final ClassNotFoundException exception)
        {
            throw new IllegalStateException("pinnedCpus is set but class=" + exception.getMessage() +
                " is not on the class path: add " +
                "net.openhft:affinity and net.java.dev.jna:jna (the BOM has their versions), or do not pin", exception);
        }
    }

    @Override
    public void run()
    {
        final String outcome = pin();
        synchronized (report)
        {
            report.add(outcome);
        }
        runnable.run();
    }

    private String pin()
    {
        Affinity.setAffinity(cpu);
        final BitSet actual = Affinity.getAffinity();
        return actual.cardinality() == 1 && actual.get(cpu) ? role + " is pinned to cpu=" + cpu :
            role + " could not be pinned to cpu=" + cpu + ": it may run on cpus=" + actual;
    }
}
