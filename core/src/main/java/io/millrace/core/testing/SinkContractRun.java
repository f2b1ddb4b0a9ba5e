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

import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ObjLongConsumer;

/**
 * One schedule of {@link SinkContract}: lives of a sink, one after the other, until all records are through. A life begins from
 * the latest complete checkpoint, whose position says with which record.
 */
final class SinkContractRun<W extends Flyweight>
{
    /** From this life on nobody dies any more, so that the schedule ends. */
    private static final int LAST_DEATH = 25;
    private static final int MAX_POINTS = 60;
    private static final int EVENT_TIME_STEP = 10;
    private static final int SHOWN_STEPS = 60;

    private record Checkpoint(long id, int position, OperatorSnapshot snapshot)
    {
    }

    private final RecordType<?, W> type;
    private final ObjLongConsumer<? super W> writer;
    private final SinkSubject subject;
    private final SinkVisibility visibility;
    private final CrashPoints crash;
    private final long seed;
    private final SplittableRandom random;
    private final int records;
    private final boolean fallingBack;

    private final List<Checkpoint> complete = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private OperatorHarness<W, Object> harness;
    /** Handed in by the sink, and neither complete nor declined. */
    private Checkpoint underWay;
    private long highestId;
    /** The latest checkpoint that the sink was told of in this life, or restored from. */
    private long told;
    private int position;
    private int highestPosition;
    private int covered;
    private int seen;

    private int lives;
    private int crashes;
    private int failures;
    private int completed;
    private int declined;
    private int skipped;
    private int repeated;
    private int fallbacks;

    SinkContractRun(
        final RecordType<?, W> type,
        final ObjLongConsumer<? super W> writer,
        final SinkSubject subject,
        final SinkVisibility visibility,
        final CrashPoints crash,
        final long seed,
        final SplittableRandom random,
        final int records,
        final boolean fallingBack)
    {
        this.type = type;
        this.writer = writer;
        this.subject = subject;
        this.visibility = visibility;
        this.crash = crash;
        this.seed = seed;
        this.random = random;
        this.records = records;
        this.fallingBack = fallingBack;
    }

    SinkContract.Report run()
    {
        boolean done = false;
        while (!done)
        {
            lives++;
            final boolean mortal = lives < LAST_DEATH;
            crash.arm(mortal && random.nextInt(3) > 0 ? 1 + random.nextInt(MAX_POINTS) : Long.MAX_VALUE);
            done = life(mortal);
            subject.ended();
            look(0);
        }
        if (seen != records)
        {
            throw broken("lost: at the end of the input visible=" + seen + " of records=" + records, null);
        }
        return new SinkContract.Report(
            1, lives, crashes, failures, completed, declined, skipped, repeated, fallbacks);
    }

    /** Whether it came to the end of the input. */
    private boolean life(final boolean mortal)
    {
        underWay = null;
        final Checkpoint from = checkpoint();
        position = from == null ? 0 : from.position;
        told = from == null ? 0 : from.id;
        boolean done = false;
        try
        {
            harness = OperatorHarness.<W, Object>of(subject.factory(), type, null)
                .checkpointing().checkpointId(highestId).nextCause(position);
            step(from == null ? "begin" : "restore checkpoint " + from.id + " at " + position);
            if (from == null)
            {
                harness.open();
            }
            else
            {
                harness.restore(from.snapshot);
            }
            look(position);
            done = steps(mortal);
        }
        catch (final RuntimeException exception)
        {
            if (!crash.dead())
            {
                throw broken("the sink failed by itself: " + exception, exception);
            }
        }
        finally
        {
            end(done);
        }
        return done;
    }

    private Checkpoint checkpoint()
    {
        if (fallingBack && complete.size() > 1 && random.nextInt(6) == 0)
        {
            step("checkpoint " + complete.remove(complete.size() - 1).id + " is damaged");
            fallbacks++;
        }
        return complete.isEmpty() ? null : complete.get(complete.size() - 1);
    }

    private boolean steps(final boolean mortal)
    {
        while (position < records)
        {
            final int choice = random.nextInt(100);
            if (choice < 60)
            {
                push();
            }
            else if (choice < 72)
            {
                barrierOrSettle();
            }
            else if (choice < 84)
            {
                tell();
            }
            else if (choice < 88)
            {
                harness.idle();
            }
            else if (choice < 91)
            {
                harness.watermark((long)position * EVENT_TIME_STEP - 1);
            }
            else if (choice < 94 && mortal)
            {
                if (random.nextBoolean())
                {
                    crash.kill();
                }
                return false;
            }
        }
        return end();
    }

    private void push()
    {
        final int number = position;
        step("record " + number);
        position++;
        highestPosition = Math.max(highestPosition, position);
        harness.push((long)number * EVENT_TIME_STEP, record -> writer.accept(record, number));
    }

    private void barrierOrSettle()
    {
        if (underWay == null)
        {
            barrier();
        }
        else
        {
            settle(random.nextInt(5) > 0);
        }
    }

    private void barrier()
    {
        step("barrier " + (highestId + 1) + " at " + position);
        highestId++;
        underWay = new Checkpoint(highestId, position, harness.barrier());
        look(0);
    }

    private void settle(final boolean success)
    {
        if (success)
        {
            step("checkpoint " + underWay.id + " is complete");
            skipped += complete.isEmpty() || complete.get(complete.size() - 1).id <= told ? 0 : 1;
            complete.add(underWay);
            covered = Math.max(covered, underWay.position);
            completed++;
            look(visibility == SinkVisibility.AT_ONCE ? underWay.position : 0);
        }
        else
        {
            step("checkpoint " + underWay.id + " is declined");
            declined++;
        }
        underWay = null;
    }

    /** Of the latest that is complete, or of one before that again. */
    private void tell()
    {
        if (complete.isEmpty())
        {
            return;
        }
        final boolean again = random.nextInt(4) == 0;
        final Checkpoint which = complete.get(again ? random.nextInt(complete.size()) : complete.size() - 1);
        repeated += which.id <= told ? 1 : 0;
        tell(which);
    }

    private void tell(final Checkpoint which)
    {
        step("told of checkpoint " + which.id);
        harness.checkpointComplete(which.id);
        told = Math.max(told, which.id);
        look(which.position);
    }

    private boolean end()
    {
        step("end of input");
        harness.watermark(Long.MAX_VALUE);
        do
        {
            if (underWay == null)
            {
                barrier();
            }
            settle(random.nextInt(4) > 0);
        }
        while (complete.isEmpty() || complete.get(complete.size() - 1).position < records ||
            complete.get(complete.size() - 1).id < highestId);
        tell(complete.get(complete.size() - 1));
        harness.finish();
        return true;
    }

    private void end(final boolean done)
    {
        final boolean dead = crash.dead();
        if (dead)
        {
            crashes++;
            step("dead at " + crash.diedAt());
        }
        else if (!done)
        {
            failures++;
            step("close");
        }
        try
        {
            if (harness != null)
            {
                harness.close();
            }
        }
        catch (final RuntimeException exception)
        {
            if (!crash.dead())
            {
                throw broken("the sink could not be closed: " + exception, exception);
            }
            crashes += dead ? 0 : 1;
        }
        finally
        {
            harness = null;
        }
    }

    /** Looks at what is visible, of which there must be so much where the sink shows all at checkpoints. */
    private void look(final int least)
    {
        final List<Long> visible = subject.visible();
        for (int i = 0; i < visible.size(); i++)
        {
            if (visible.get(i) != i)
            {
                throw broken(kind(visible, i) + ": record " + visible.get(i) + " is visible at place " + i, null);
            }
        }
        final int size = visible.size();
        final int most = visibility == SinkVisibility.AT_ONCE ? highestPosition : covered;
        if (size > most)
        {
            throw broken("aborted read: visible=" + size + ", but complete checkpoints hold=" + most, null);
        }
        if (size < seen)
        {
            throw broken("taken back: visible=" + size + ", and it was " + seen, null);
        }
        if (size < least && visibility != SinkVisibility.AFTER_CHECKPOINTS)
        {
            throw broken("lost: visible=" + size + ", but the checkpoint holds=" + least, null);
        }
        seen = size;
    }

    private static String kind(final List<Long> visible, final int place)
    {
        final long number = visible.get(place);
        return visible.subList(0, place).contains(number) ? "duplicate" :
            visible.contains((long)place) ? "out of order" : "lost";
    }

    private void step(final String what)
    {
        steps.add(what);
    }

    private AssertionError broken(final String what, final Throwable cause)
    {
        final int from = Math.max(0, steps.size() - SHOWN_STEPS);
        return new AssertionError("seed=" + seed + ": " + what + "\n  " +
            (from > 0 ? from + " steps before\n  " : "") + String.join("\n  ", steps.subList(from, steps.size())), cause);
    }
}
