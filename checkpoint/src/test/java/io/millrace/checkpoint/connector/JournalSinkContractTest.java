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
package io.millrace.checkpoint.connector;

import io.millrace.checkpoint.journal.JournalContext;
import io.millrace.checkpoint.journal.JournalReader;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.testing.SinkContract;
import io.millrace.core.testing.SinkSubject;
import io.millrace.core.testing.SinkVisibility;
import io.millrace.memory.Memory;
import io.millrace.memory.MemoryAccount;
import io.millrace.memory.record.SlotDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** The journal sink keeps the contract of sinks: it shows at once, and recognises what comes again. */
class JournalSinkContractTest
{
    private static final int SEEDS = 8;

    @TempDir
    Path temporary;

    private int journals;

    @Test
    void shouldBeExactlyOnce()
    {
        final SinkContract.Report report = SinkContract.of(NumberedFlyweight.TYPE,
            (record, number) -> record.number(number), crash -> new Journal(temporary.resolve("j" + journals++)))
            .visibility(SinkVisibility.AT_ONCE).fallingBack().seeds(1, SEEDS).records(25).run();
        assertTrue(report.lives() > SEEDS, report.toString());
        assertTrue(report.checkpoints() > SEEDS, report.toString());
    }

    private static final class Journal implements SinkSubject
    {
        private final Path directory;

        private Journal(final Path directory)
        {
            this.directory = directory;
        }

        @Override
        public OperatorFactory<? extends Operator> factory()
        {
            return ChronicleQueueSink.exactlyOnce(directory, NumberedFlyweight.TYPE).factory(NumberedFlyweight.TYPE);
        }

        @Override
        public List<Long> visible()
        {
            final List<Long> numbers = new ArrayList<>();
            if (!Files.exists(directory))
            {
                return numbers;
            }
            try (JournalReader reader = JournalReader.open(new JournalContext().directory(directory)
                .recordType(NumberedFlyweight.TYPE).account(new MemoryAccount("reader"))))
            {
                while (reader.poll() == JournalReader.FRAME)
                {
                    for (long slot = reader.nextRecord(); slot != 0; slot = reader.nextRecord())
                    {
                        numbers.add(Memory.getLong(slot + SlotDescriptor.HEADER_LENGTH));
                    }
                }
            }
            return numbers;
        }
    }
}
