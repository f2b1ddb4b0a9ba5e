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

import io.millrace.core.plan.Plan;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.runtime.SavepointPreview;
import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.RestoreFinding;
import io.millrace.core.savepoint.RestoreOutcome;
import io.millrace.core.state.KeyGroupRange;
import io.millrace.core.state.StatePlacement;
import io.millrace.memory.MemoryAccount;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells people what a job in a jar would do with a savepoint. Reads all of the savepoint, and starts nothing. */
final class SavepointVerifier
{
    private static final int MOST_RANGES = 8;

    private final PrintStream out;

    SavepointVerifier(final PrintStream out)
    {
        this.out = out;
    }

    /** Whether the job would start. */
    boolean verify(final Path directory, final List<Path> jars, final String main)
    {
        try (URLClassLoader loader = PipelineClass.loader(jars);
            StoredSavepoint savepoint = StoredSavepoint.open(directory, new MemoryAccount("savepoint")))
        {
            new SavepointReport(out).check(savepoint);
            final RestorablePipeline pipeline = main == null ? PipelineClass.ofJar(jars.get(0), loader) :
                PipelineClass.instance(main, loader, RestorablePipeline.class);
            // Making a plan concludes its configuration.
            final Plan plan = pipeline.plan(pipeline.config());
            final JobConfig config = pipeline.config();
            final SavepointPreview preview = SavepointPreview.of(plan, config, savepoint);
            tell(savepoint, preview);
            return preview.fits();
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("jars=" + jars + " cannot be closed: " + exception.getMessage(), exception);
        }
    }

    private void tell(final StoredSavepoint savepoint, final SavepointPreview preview)
    {
        out.println("savepoint " + savepoint.origin().identity() + " of job " + savepoint.job().name() + " for job " +
            preview.job().name() + ", maxParallelism " + preview.job().maxParallelism() +
            (savepoint.drained() ? ", drained: the job ends at once" : ""));
        final Set<String> uids = new LinkedHashSet<>();
        preview.findings().forEach(finding -> uids.add(finding.uid()));
        uids.forEach(uid -> tell(uid, savepoint.job(), preview));
        final long refused =
            preview.findings().stream().filter(finding -> finding.outcome() == RestoreOutcome.REFUSED).count();
        out.println(refused == 0 ? "it fits" : "it does not fit, refused " + refused);
    }

    private void tell(final String uid, final JobDescription stored, final SavepointPreview preview)
    {
        final OperatorDescription before = stored.operator(uid);
        final OperatorDescription now = preview.job().operator(uid);
        if (!uid.isEmpty())
        {
            final OperatorDescription any = now == null ? before : now;
            out.println("  " + (any.source() ? "source " : "operator ") + uid + parallelism(before, now) +
                (now != null && hasKeys(before, now) ? keyGroups(now.parallelism(), preview.job().maxParallelism()) : ""));
        }
        for (final RestoreFinding finding : preview.findings())
        {
            if (finding.uid().equals(uid))
            {
                out.println("    " + name(finding.outcome()) + (finding.state().isEmpty() ? "" : " state " + finding.state()) + ": " +
                    finding.text());
            }
        }
    }

    private static String name(final RestoreOutcome outcome)
    {
        return outcome == RestoreOutcome.REFUSED ? outcome.name() : outcome.name().toLowerCase(Locale.ROOT);
    }

    private static String parallelism(final OperatorDescription before, final OperatorDescription now)
    {
        if (before == null || now == null || before.parallelism() == now.parallelism())
        {
            return " x" + (now == null ? before : now).parallelism();
        }
        return " x" + before.parallelism() + " -> x" + now.parallelism();
    }

    private static boolean hasKeys(final OperatorDescription before, final OperatorDescription now)
    {
        return before != null && !before.states().isEmpty() &&
            now.states().stream().anyMatch(state -> state.placement() == StatePlacement.BY_KEY);
    }

    private static String keyGroups(final int parallelism, final int maxParallelism)
    {
        final List<String> ranges = new ArrayList<>();
        for (int i = 0; i < Math.min(parallelism, MOST_RANGES); i++)
        {
            final KeyGroupRange range = KeyGroupRange.of(i, parallelism, maxParallelism);
            ranges.add(range.first() + "-" + range.last());
        }
        return ", key groups " + String.join(" ", ranges) + (parallelism > MOST_RANGES ? " ..." : "");
    }
}
