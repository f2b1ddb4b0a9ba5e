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
package io.millrace.core.testing;

import io.millrace.core.state.OffHeapBackend;
import io.millrace.core.state.StateBackendFactory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** One run of an operator over a script, in one mode, and its results. */
final class TrialRun
{
    static final String MAIN = "main output";
    private static final String OBSERVED = "observed";
    private static final int[] BATCHES = {2, 3, 7, 64, 128};
    /** Every so many snapshots there is a full one, so that the chain does not grow. */
    private static final int CHAIN = 8;
    /** Elements for a restore, where a backend takes long to open. */
    private static final int RESTORED_WITH_FILES = 64;

    private final OperatorTrial trial;
    private final TrialMode mode;
    private final Script script;
    private final SplittableRandom random;
    private final Map<String, List<Result>> results = new LinkedHashMap<>();
    private OperatorHarness<?, ?> harness;
    private int records;
    private int snapshots;
    private long time;

    /**
     * A result.
     *
     * @param value   record and event time
     * @param cause   of the record
     * @param element of the script that it came after
     */
    record Result(String value, long cause, int element)
    {
        boolean sameAs(final Result other)
        {
            return value.equals(other.value) && cause == other.cause;
        }
    }

    TrialRun(final OperatorTrial trial, final TrialMode mode, final Script script)
    {
        this.trial = trial;
        this.mode = mode;
        this.random = new SplittableRandom(trial.seed() * 31 + mode.name().hashCode());
        this.script = mode == TrialMode.SHUFFLED ? script.shuffled(random, trial.keepTies()) : script;
        results.put(MAIN, new ArrayList<>());
        trial.sideOutputs().keySet().forEach(tag -> results.put(tag, new ArrayList<>()));
        results.put(OBSERVED, new ArrayList<>());
    }

    /** Results in their order, by output. */
    Map<String, List<Result>> results()
    {
        return results;
    }

    TrialRun run()
    {
        int element = 0;
        try
        {
            harness = newHarness();
            harness.open();
            for (; element < script.elements().size(); element++)
            {
                push(script.elements().get(element));
                take(element);
                between(element);
            }
            harness.finish();
            take(element);
            checkHeed();
            final OperatorHarness<?, ?> done = harness;
            harness = null;
            done.close();
        }
        catch (final RuntimeException | AssertionError | OutOfMemoryError failure)
        {
            closeAfter(failure);
            throw new AssertionError("mode=" + mode + " seed=" + trial.seed() + " fails at element #" + element + ": " +
                failure + "\nscript up to there:\n" + script.upTo(element), failure);
        }
        return this;
    }

    private void closeAfter(final Throwable failure)
    {
        if (harness != null)
        {
            try
            {
                harness.close();
            }
            catch (final RuntimeException notClosed)
            {
                failure.addSuppressed(notClosed);
            }
        }
    }

    private OperatorHarness<?, ?> newHarness()
    {
        final OperatorHarness<?, ?> fresh = OperatorHarness.of(trial.factory(), null, trial.outputType());
        trial.sideOutputs().forEach(fresh::sideOutput);
        fresh.stateBackend(backend());
        fresh.processingTime(time);
        if (mode == TrialMode.OUTPUT_REFUSED)
        {
            fresh.rooms(() -> 1 + random.nextInt(2));
        }
        return fresh;
    }

    private StateBackendFactory backend()
    {
        if (mode == TrialMode.RESTORED && random.nextBoolean())
        {
            return OffHeapBackend.factory();
        }
        if (trial.backend() != null && mode != TrialMode.ONE_AT_A_TIME)
        {
            return trial.backend();
        }
        return mode == TrialMode.STATE_COPIED || mode == TrialMode.RESTORED ?
            CopyingBackend.factory() : OffHeapBackend.factory();
    }

    private void push(final ScriptElement element)
    {
        if (element.isWatermark())
        {
            harness.watermark(element.timestamp());
            return;
        }
        if (element.isTick())
        {
            time = element.timestamp();
            harness.processingTime(time);
            return;
        }
        harness.push(element);
        records++;
    }

    /** What lies between two elements of the script. */
    private void between(final int element)
    {
        switch (mode)
        {
            case ONE_AT_A_TIME, SHUFFLED -> harness.idle();
            case RESTORED -> restore(element);
            default -> now(element);
        }
    }

    /** What happens now and then. */
    private void now(final int element)
    {
        if (random.nextInt(8) == 0)
        {
            harness.barrier(false);
            if (random.nextBoolean())
            {
                harness.checkpointComplete();
            }
        }
        if (mode == TrialMode.BATCHED && random.nextInt(8) == 0 || mode == TrialMode.OUTPUT_REFUSED && element % 32 == 31)
        {
            harness.batches(BATCHES[random.nextInt(BATCHES.length)]);
        }
        checkHeed();
    }

    private void checkHeed()
    {
        if (harness.heedless())
        {
            throw new AssertionError("the operator says to go on, though an output has said stop to it since it was " +
                "called: give back what the last commit() or forward() said, of every output");
        }
    }

    private void restore(final int element)
    {
        if (trial.backend() != null && random.nextInt(RESTORED_WITH_FILES) != 0)
        {
            now(element);
            return;
        }
        snapshots++;
        final OperatorSnapshot snapshot = harness.barrier(snapshots % CHAIN == 0);
        if (random.nextBoolean())
        {
            harness.checkpointComplete();
        }
        take(element);
        final OperatorHarness<?, ?> last = harness;
        harness = null;
        last.close();
        harness = newHarness();
        harness.nextCause(records);
        harness.restore(snapshot);
    }

    private void take(final int element)
    {
        if (mode == TrialMode.BATCHED || mode == TrialMode.OUTPUT_REFUSED)
        {
            // Asking for results would hand over the batch.
            if (element < script.elements().size() && script.elements().get(element).isRecord())
            {
                return;
            }
        }
        if (trial.outputType() != null)
        {
            harness.emitted(trial.text()).forEach(emitted -> add(MAIN, emitted, element));
        }
        trial.sideOutputs().forEach((tag, type) ->
            harness.emitted(tag, type, trial.text()).forEach(emitted -> add(tag, emitted, element)));
        trial.observed().get().forEach(seen -> results.get(OBSERVED).add(new Result(String.valueOf(seen), 0, element)));
    }

    private void add(final String output, final Emitted<String> emitted, final int element)
    {
        results.get(output).add(new Result(emitted.value() + " @" + emitted.timestamp(), emitted.cause(), element));
    }

    void checkAgainst(final TrialRun expected)
    {
        for (final Map.Entry<String, List<Result>> entry : results.entrySet())
        {
            final List<Result> theirs = expected.results.get(entry.getKey());
            if (mode == TrialMode.SHUFFLED)
            {
                checkSame(entry.getKey(), anyOrder(theirs), anyOrder(entry.getValue()), expected.mode);
            }
            else
            {
                checkSame(entry.getKey(), theirs, entry.getValue(), expected.mode);
            }
        }
    }

    private static List<Result> anyOrder(final List<Result> results)
    {
        return results.stream().map(result -> new Result(result.value, 0, result.element))
            .sorted((one, other) -> one.value.compareTo(other.value)).toList();
    }

    private void checkSame(
        final String output, final List<Result> expected, final List<Result> actual, final TrialMode reference)
    {
        final int common = Math.min(expected.size(), actual.size());
        int same = 0;
        while (same < common && expected.get(same).sameAs(actual.get(same)))
        {
            same++;
        }
        if (same == expected.size() && same == actual.size())
        {
            return;
        }
        final int element = Math.max(element(expected, same), element(actual, same));
        throw new AssertionError("mode=" + mode + " seed=" + trial.seed() + " gives other results than " + reference +
            ", the first at result #" + same + " of " + output +
            (mode == TrialMode.SHUFFLED ? ", results sorted" : "") +
            "\nexpected: " + line(expected, same) + "\nactual:   " + line(actual, same) +
            "\nscript up to there" + (mode == TrialMode.SHUFFLED ? ", as shuffled" : "") + ":\n" + script.upTo(element));
    }

    private static int element(final List<Result> results, final int index)
    {
        return index < results.size() ? results.get(index).element : 0;
    }

    private static String line(final List<Result> results, final int index)
    {
        if (index >= results.size())
        {
            return "nothing, " + results.size() + " results in all";
        }
        final Result result = results.get(index);
        return result.value + " cause=" + result.cause + ", after element #" + result.element;
    }
}
