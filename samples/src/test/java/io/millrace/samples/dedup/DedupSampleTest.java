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

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DedupSampleTest
{
    @Test
    void shouldLetPassWhatAMapOfTheTimesLetsPass() throws InterruptedException
    {
        final List<MessageValue> messages = DedupSample.messages();
        final Map<Long, Long> forgottenAt = new HashMap<>();
        final List<MessageValue> expected = new ArrayList<>();
        int again = 0;
        long watermark = Long.MIN_VALUE;
        for (final MessageValue message : messages)
        {
            final Long due = forgottenAt.get(message.id());
            if (due == null || due <= watermark)
            {
                again += due == null ? 0 : 1;
                forgottenAt.put(message.id(), message.time() + DedupSample.REMEMBERED.toMillis());
                expected.add(message);
            }
            watermark = message.time() - 1;
        }
        assertTrue(expected.size() < messages.size(), "no message came twice");
        assertTrue(again > 100, "again=" + again);

        assertEquals(expected, DedupSample.once(messages));
    }
}
