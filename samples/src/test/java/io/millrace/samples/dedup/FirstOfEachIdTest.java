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
package io.millrace.samples.dedup;

import io.millrace.core.testing.Script;
import io.millrace.core.testing.TrialMode;
import io.millrace.operators.DataStream;
import io.millrace.operators.testing.PipelineHarness;
import io.millrace.operators.testing.PipelineSnapshot;
import io.millrace.operators.testing.StreamTrial;
import io.millrace.operators.testing.TestInput;
import io.millrace.operators.testing.TestOutput;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How a function of one's own is tested: in every mode, and step by step. */
class FirstOfEachIdTest
{
    private static final long REMEMBERED = 60;

    private static DataStream<Message> once(final DataStream<Message> messages)
    {
        return messages.keyByLong(Message::id).process(MessageFlyweight.TYPE, () -> new FirstOfEachId(REMEMBERED));
    }

    @Test
    void shouldDoTheSameInEveryMode()
    {
        final SplittableRandom random = new SplittableRandom(1);
        final Script script = new Script();
        for (int number = 0; number < 100; number++)
        {
            final long time = number * 10L;
            final long id = random.nextInt(8);
            script.push(MessageFlyweight.TYPE, time, message -> message.time(time).id(id));
            if (number % 5 == 4)
            {
                script.watermark(time - 1);
            }
        }
        // Of messages that come in another order, another one is the first.
        final List<String> passed = StreamTrial.of(MessageFlyweight.TYPE, FirstOfEachIdTest::once)
            .without(TrialMode.SHUFFLED).run(script);
        assertTrue(passed.size() > 20 && passed.size() < 100, "passed=" + passed);
    }

    @Test
    void shouldRememberAnIdOverARestart()
    {
        try (PipelineHarness harness = new PipelineHarness("dedup"))
        {
            final TestInput<Message, MessageFlyweight> messages = harness.input("messages", MessageFlyweight.TYPE);
            final TestOutput<MessageValue> passed = harness.output(once(messages.stream()), MessageValue::copyOf);
            harness.start();
            messages.push(1, message -> message.time(1).id(7));
            harness.runUntilIdle();
            assertEquals(List.of(new MessageValue(1, 7)), passed.take());

            final PipelineSnapshot snapshot = harness.snapshot();
            harness.restore(snapshot);
            messages.push(2, message -> message.time(2).id(7));
            harness.runUntilIdle();
            assertEquals(List.of(), passed.take());

            harness.watermark(1 + REMEMBERED);
            messages.push(70, message -> message.time(70).id(7));
            harness.runUntilIdle();
            assertEquals(List.of(new MessageValue(70, 7)), passed.take());
        }
    }
}
