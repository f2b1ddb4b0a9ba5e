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

import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.millrace.memory.table.SegmentDescriptor.BORN;
import static io.millrace.memory.table.SegmentDescriptor.FULL_EPOCH_OFFSET;
import static io.millrace.memory.table.SegmentDescriptor.OCCUPIED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The negative control of {@link TableStoreTest}: with each of the rules broken on purpose, the same test must fail.
 */
class BrokenRuleTest
{
    private static final int SEEDS = 12;

    enum Rule
    {
        BARRIER_ONLY_WHEN_SAVED, TOUCHED_IS_LISTED, FIRST_TOUCH_SAVES, REMOVAL_SAVES, SPLIT_SAVES, SPLIT_LISTS_CHILDREN,
        CARRY_TOUCHED, CARRY_UNSAVED, CARRY_BORN, REMOVAL_IS_LOGGED, TOMBSTONE_IN_THE_LOG, BORN_ENDS_WITH_THE_EPOCH,
        BORN_NEEDS_NO_TOMBSTONE, CLEAR_IS_LOGGED, DROP_IS_LOGGED, CLEARED_STAYS_IN_LIMBO, FREED_IS_ZEROED,
        SEGMENT_IS_SORTED, FULL_COVERS_THE_UNTOUCHED, FULL_COVERS_ONCE
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void shouldNoticeThatARuleIsBroken(final Rule rule)
    {
        boolean noticed = false;
        for (long seed = 1; seed <= SEEDS && !noticed; seed++)
        {
            final StoreModel model = new StoreModel(seed, new BrokenParts(rule), TableStoreTest.SHAPES);
            try
            {
                TableStoreTest.exercise(model, 10_000, seed % 2 == 0 ? 0 : 5_000);
            }
            catch (final AssertionError | RuntimeException expected)
            {
                noticed = true;
            }
            finally
            {
                model.discard();
                assertEquals(0, model.account().allocatedBytes());
            }
        }
        assertTrue(noticed, () -> rule + " is broken, and no seed noticed");
    }

    private static final class BrokenParts extends StoreModel.Parts
    {
        private final Rule broken;

        BrokenParts(final Rule broken)
        {
            this.broken = broken;
        }

        @Override
        SegmentPool pool(final MemoryAccount account)
        {
            return broken == Rule.FREED_IS_ZEROED ? new UncleanPool(account) : super.pool(account);
        }

        @Override
        SnapshotLedger ledger(final SegmentPool pool, final DeltaOutlet outlet)
        {
            return new BrokenLedger(broken, pool, outlet);
        }

        @Override
        SegmentEditor editor(final SnapshotLedger ledger, final long firstHash, final long stretch)
        {
            return broken == Rule.SEGMENT_IS_SORTED ? new UnsortedEditor(ledger, firstHash, stretch) :
                super.editor(ledger, firstHash, stretch);
        }
    }

    private static final class UncleanPool extends SegmentPool
    {
        UncleanPool(final MemoryAccount account)
        {
            super(account, "unclean");
        }

        @Override
        void zero(final long block, final long length)
        {
            Memory.putLong(block, 0);
        }
    }

    private static final class UnsortedEditor extends SegmentEditor
    {
        UnsortedEditor(final SnapshotLedger ledger, final long firstHash, final long stretch)
        {
            super(ledger, firstHash, stretch);
        }

        @Override
        boolean isBehind(final long entry, final long spread, final long keyAddress, final int keyLength)
        {
            return false;
        }
    }

    private static final class BrokenLedger extends SnapshotLedger
    {
        private final Rule broken;

        BrokenLedger(final Rule broken, final SegmentPool pool, final DeltaOutlet outlet)
        {
            super(pool, outlet);
            this.broken = broken;
        }

        @Override
        boolean barrierReady()
        {
            return broken == Rule.BARRIER_ONLY_WHEN_SAVED || super.barrierReady();
        }

        @Override
        void list(final SegmentDirectory directory, final long segment)
        {
            if (broken != Rule.TOUCHED_IS_LISTED)
            {
                super.list(directory, segment);
            }
        }

        @Override
        void touch(final SegmentDirectory directory, final long segment, final long slot)
        {
            final long state = directory.stateAddress(segment, slot);
            final int born = Memory.getByte(state) & BORN;
            if (broken == Rule.FIRST_TOUCH_SAVES)
            {
                beforeChange(directory, segment);
                Memory.putByte(state, (byte)(Memory.getByte(state) & ~oldState()));
            }
            super.touch(directory, segment, slot);
            if (broken == Rule.BORN_ENDS_WITH_THE_EPOCH)
            {
                Memory.putByte(state, (byte)(Memory.getByte(state) | born));
            }
        }

        @Override
        void forget(final SegmentDirectory directory, final long segment, final long slot)
        {
            final long state = directory.stateAddress(segment, slot);
            if (broken == Rule.REMOVAL_SAVES)
            {
                Memory.putByte(state, (byte)(Memory.getByte(state) & ~oldState()));
            }
            else if (broken == Rule.BORN_NEEDS_NO_TOMBSTONE)
            {
                Memory.putByte(state, (byte)(Memory.getByte(state) & ~BORN));
            }
            super.forget(directory, segment, slot);
        }

        @Override
        void saveAll(final SegmentDirectory directory, final long segment)
        {
            if (broken != Rule.SPLIT_SAVES)
            {
                super.saveAll(directory, segment);
            }
        }

        @Override
        void inherit(final SegmentDirectory directory, final long segment)
        {
            if (broken != Rule.SPLIT_LISTS_CHILDREN)
            {
                super.inherit(directory, segment);
            }
            if (broken == Rule.FULL_COVERS_ONCE)
            {
                Memory.putLong(segment + FULL_EPOCH_OFFSET, 0);
            }
        }

        @Override
        void carry(final SegmentDirectory directory, final long segment, final long from, final long to)
        {
            super.carry(directory, segment, from, to);
            final int lost = switch (broken)
            {
                case CARRY_TOUCHED -> touchedState();
                case CARRY_UNSAVED -> oldState();
                case CARRY_BORN -> BORN;
                default -> 0;
            };
            final long state = directory.stateAddress(segment, to);
            Memory.putByte(state, (byte)(Memory.getByte(state) & ~lost | OCCUPIED));
        }

        @Override
        void tombstone(final SegmentDirectory directory, final long keyAddress)
        {
            if (broken == Rule.TOMBSTONE_IN_THE_LOG && isSweeping())
            {
                delta().tombstone(directory.stateId(), directory.namespace(), keyAddress, directory.keyLength());
            }
            else if (broken != Rule.REMOVAL_IS_LOGGED)
            {
                super.tombstone(directory, keyAddress);
            }
        }

        @Override
        void logClear(final SegmentDirectory directory)
        {
            if (broken != Rule.CLEAR_IS_LOGGED)
            {
                super.logClear(directory);
            }
        }

        @Override
        void logDrop(final SegmentDirectory directory)
        {
            if (broken != Rule.DROP_IS_LOGGED)
            {
                super.logDrop(directory);
            }
        }

        @Override
        boolean isInLimbo(final SegmentDirectory directory)
        {
            return super.isInLimbo(directory) && (broken != Rule.CLEARED_STAYS_IN_LIMBO || directory.isFull());
        }

        @Override
        void beforeChange(final SegmentDirectory directory, final long segment)
        {
            if (broken != Rule.FULL_COVERS_THE_UNTOUCHED)
            {
                super.beforeChange(directory, segment);
            }
        }
    }
}
