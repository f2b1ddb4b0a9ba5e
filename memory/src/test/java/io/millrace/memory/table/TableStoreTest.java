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
package io.millrace.memory.table;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableStoreTest
{
    static final StoreModel.Shape[] SHAPES =
        {
        new StoreModel.Shape(1, 8, 32),
        new StoreModel.Shape(2, 8, 8),
        new StoreModel.Shape(3, 32, 16),
        new StoreModel.Shape(4, 8, 0),
        new StoreModel.Shape(5, 16, 200),
        new StoreModel.Shape(1, 8, 32),
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldRestoreWhatTheOracleHeldAtEachBarrier(final long seed)
    {
        run(seed, 20_000, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void shouldRestoreWhileSegmentsSplit(final long seed)
    {
        run(seed, 5_000, 15_000);
    }

    @Test
    @Tag("slow")
    void shouldRestoreOnManySeeds()
    {
        for (long seed = 100; seed < 400; seed++)
        {
            run(seed, 30_000, (int)(seed % 3) * 5_000);
        }
    }

    private static void run(final long seed, final int operations, final int fill)
    {
        final StoreModel model = new StoreModel(seed, new StoreModel.Parts(), SHAPES).withBatches();
        try
        {
            exercise(model, operations, fill);
        }
        catch (final AssertionError | RuntimeException error)
        {
            throw new AssertionError("seed=" + seed + ": " + error.getMessage(), error);
        }
        model.close();
    }

    static void exercise(final StoreModel model, final int operations, final int fill)
    {
        for (int i = 0; i < 4; i++)
        {
            if (fill > 0)
            {
                model.fill(i % SHAPES.length, fill);
                model.barrier();
                model.fill(i % SHAPES.length, fill);
            }
            model.run(operations / 4);
        }
    }
}
