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

import io.millrace.core.runtime.Job;
import io.millrace.core.runtime.JobConfig;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.operators.Pipeline;
import io.millrace.operators.sink.CallbackSink;
import io.millrace.operators.source.Generator;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Lets each message pass once, with one value of state and one timer for each id. It shows state and timers: where that is
 * all that is wanted, {@code deduplicate(REMEMBERED)} of the keyed stream takes the place of the function, without a timer.
 */
public final class DedupSample
{
    static final Duration REMEMBERED = Duration.ofMinutes(1);

    private static final int MESSAGES = 50_000;
    private static final long MILLIS_APART = 10;

    private DedupSample()
    {
    }

    /**
     * Prints how many messages were the first of their id.
     *
     * @throws Exception when the job fails
     */
    public static void run() throws Exception
    {
        final List<MessageValue> messages = messages();
        final int once = once(messages).size();
        System.out.printf(Locale.ROOT,
            "%,d synthetic messages (seeded, the same in every run): %,d went on, %,d came again within %d s%n",
            messages.size(), once, messages.size() - once, REMEMBERED.toSeconds());
    }

    static List<MessageValue> once(final List<MessageValue> messages) throws InterruptedException
    {
        final List<MessageValue> once = new ArrayList<>();
        final Pipeline pipeline = Pipeline.create("dedup");
        pipeline
            .source(Generator.of(MessageFlyweight.TYPE, messages.size(),
                (number, out) -> out.set(messages.get((int)number))),
                WatermarkStrategy.forMonotonousTimestamps(), "messages")
            .keyByLong(Message::id)
            .process(MessageFlyweight.TYPE, () -> new FirstOfEachId(REMEMBERED.toMillis())).name("first of each id")
            .sink(CallbackSink.of(message -> once.add(MessageValue.copyOf(message))), "once");

        try (Job job = pipeline.start(new JobConfig()))
        {
            job.await();
        }
        return once;
    }

    /** Every third message is a copy of one before, most of them of one that is not long ago. */
    static List<MessageValue> messages()
    {
        final SplittableRandom random = new SplittableRandom(1);
        final List<MessageValue> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++)
        {
            final boolean copy = i > 0 && random.nextInt(3) == 0;
            final int farthest = random.nextInt(10) == 0 ? i : Math.min(i, 1_000);
            final long id = copy ? messages.get(i - 1 - random.nextInt(farthest)).id() : i;
            messages.add(new MessageValue(i * MILLIS_APART, id));
        }
        return messages;
    }
}
