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
package io.millrace.operators.sink.transaction;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.testing.CrashPoints;
import io.millrace.core.testing.SinkContract;
import io.millrace.core.testing.SinkSubject;
import io.millrace.operators.Reading;
import io.millrace.operators.ReadingFlyweight;
import io.millrace.operators.sink.transaction.LedgerTarget.Ledger;
import io.millrace.operators.sink.transaction.LedgerTarget.Mistake;
import io.millrace.operators.testing.CrashingTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The sink operator and a target without a mistake keep the contract; each mistake is found. */
class TwoPhaseCommitContractTest
{
    private static final int SEEDS = 150;

    static SinkContract<ReadingFlyweight> contract(final Mistake mistake)
    {
        return SinkContract.of(ReadingFlyweight.TYPE, (reading, number) -> reading.value(number),
            crash -> subject(mistake, crash));
    }

    private static SinkSubject subject(final Mistake mistake, final CrashPoints crash)
    {
        final Ledger ledger = new Ledger();
        return new SinkSubject()
        {
            @Override
            public OperatorFactory<? extends Operator> factory()
            {
                return TwoPhaseCommitSink.<String, Reading>of(
                    type -> new CrashingTarget<>(new LedgerTarget(ledger, mistake), crash)).factory(ReadingFlyweight.TYPE);
            }

            @Override
            public List<Long> visible()
            {
                return ledger.committed;
            }
        };
    }

    @Test
    void shouldBeExactlyOnce()
    {
        final SinkContract.Report report = contract(Mistake.NONE).seeds(1, SEEDS).run();
        assertTrue(report.crashes() > SEEDS, report.toString());
        assertTrue(report.failures() > SEEDS / 10, report.toString());
        assertTrue(report.checkpoints() > SEEDS, report.toString());
        assertTrue(report.declined() > SEEDS / 10, report.toString());
        assertTrue(report.skipped() > SEEDS / 10, report.toString());
        assertTrue(report.repeated() > SEEDS / 10, report.toString());
    }

    @ParameterizedTest
    @EnumSource(value = Mistake.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void shouldFindEachMistake(final Mistake mistake)
    {
        final AssertionError found =
            assertThrows(AssertionError.class, () -> contract(mistake).seeds(1, SEEDS).run());
        assertTrue(found.getMessage().startsWith("seed="), found.getMessage());
    }
}
