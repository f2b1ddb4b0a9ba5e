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
package io.millrace.core.ordering;

import io.millrace.memory.record.SlotDescriptor;

/** What a simulated job looks like; how it is stepped comes from its seed. */
final class SimulationPlan
{
    static final int SLOT_LENGTH = SlotDescriptor.HEADER_LENGTH + Long.BYTES;

    /** Number of sources, then of tasks in each stage; every task of a stage reads every one of the stage before. */
    final int[] stages;
    int recordsPerSource = 60;
    int watermarkEvery = 7;
    /** Stage whose tasks emit a burst when their watermark moves. */
    int burstStage = 1;
    int burst = 12;
    int barriers = 3;
    int barrierEvery = 40;
    int maxBatch = 6;
    /** 0 for a random capacity for each ring. */
    int ringCapacity;
    /** One ring from each source to all tasks of the first stage, instead of one for each pair. */
    boolean sharedRings;

    SimulationPlan(final int... stages)
    {
        this.stages = stages;
    }

    SimulationPlan rings(final int capacity)
    {
        ringCapacity = capacity;
        return this;
    }

    SimulationPlan burst(final int stage, final int outputs)
    {
        burstStage = stage;
        burst = outputs;
        return this;
    }

    SimulationPlan records(final int perSource, final int perWatermark)
    {
        recordsPerSource = perSource;
        watermarkEvery = perWatermark;
        return this;
    }

    SimulationPlan batches(final int records)
    {
        maxBatch = records;
        return this;
    }

    SimulationPlan barriers(final int count, final int every)
    {
        barriers = count;
        barrierEvery = every;
        return this;
    }

    SimulationPlan shared()
    {
        sharedRings = true;
        return this;
    }

    static long mix(final long value)
    {
        long z = value * 0x9E37_79B9_7F4A_7C15L + 0x1234_5678_9ABCL;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        return z ^ z >>> 31;
    }

    static int bucket(final long value, final int buckets)
    {
        return (int)((mix(value) >>> 33) % buckets);
    }

    @Override
    public String toString()
    {
        return java.util.Arrays.toString(stages) + " rings=" + ringCapacity + " burst=" + burst + (sharedRings ? " shared" : "");
    }
}
