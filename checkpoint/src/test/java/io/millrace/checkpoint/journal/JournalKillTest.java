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
package io.millrace.checkpoint.journal;

import io.millrace.checkpoint.files.ForkedJvm;
import io.millrace.memory.MemoryAccount;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

import static io.millrace.checkpoint.journal.JournalFixture.append;
import static io.millrace.checkpoint.journal.JournalFixture.range;
import static io.millrace.checkpoint.journal.JournalFixture.readAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Tag("laboratory")
class JournalKillTest
{
    private static final int KILLS = Integer.getInteger("millrace.test.kills", 5);

    @TempDir
    Path temporary;

    /** Appends for ever, from where the journal ends, and says what is flushed. */
    public static void main(final String[] arguments)
    {
        try (JournalWriter writer = JournalWriter.open(
            JournalFixture.context(Path.of(arguments[0]), new MemoryAccount("child"))))
        {
            for (long value = writer.frameNumber() == 1 ? 0 : writer.lastOrdinal() / 100 + 1;; value++)
            {
                append(writer, value);
                if (value % 3 == 0)
                {
                    writer.flush();
                    System.out.println(value);
                }
            }
        }
    }

    @Test
    void shouldLoseNothingThatWasFlushedWhenKilled()
    {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final Path journal = temporary.resolve("journal");
        final MemoryAccount account = new MemoryAccount("test");
        final JournalContext context = JournalFixture.context(journal, account);
        long flushed = -1;
        for (int kill = 0; kill < KILLS; kill++)
        {
            try (ForkedJvm child = new ForkedJvm(JournalKillTest.class, journal.toString()))
            {
                for (int lines = random.nextInt(1, 3000); lines > 0; lines--)
                {
                    flushed = Long.parseLong(child.readLine());
                }
                if (kill == 0)
                {
                    final IllegalStateException refused =
                        assertThrows(IllegalStateException.class, () -> JournalWriter.open(context));
                    assertTrue(refused.getMessage().contains("pid=" + child.pid()), refused.getMessage());
                }
                child.kill();
                for (String line = child.readLine(); line != null && line.length() > 3; line = child.readLine())
                {
                    flushed = Math.max(flushed, Long.parseLong(line));
                }
            }
            final List<Long> values = readAll(context);
            assertEquals(range(0, values.size()), values, "seed=" + seed + " kill=" + kill);
            assertTrue(values.size() > flushed, "seed=" + seed + " kill=" + kill + " flushed=" + flushed + " read=" +
                values.size());
        }
        try (JournalWriter writer = JournalWriter.open(context))
        {
            assertEquals(KILLS + 1, writer.incarnation());
        }
        assertEquals(0, account.allocatedBytes());
    }
}
