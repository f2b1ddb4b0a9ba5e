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

/** A step of a script: a record, a watermark, or a tick of processing time. */
final class ScriptElement
{
    private static final int NO_INPUT = -1;
    private static final int CLOCK = -2;

    private final int input;
    private final long timestamp;
    private final byte[] record;
    private final String text;

    /**
     * A record.
     *
     * @param input     that it comes from
     * @param timestamp event time
     * @param record    its bytes
     * @param text      for people
     */
    ScriptElement(final int input, final long timestamp, final byte[] record, final String text)
    {
        this.input = input;
        this.timestamp = timestamp;
        this.record = record;
        this.text = text;
    }

    static ScriptElement watermark(final long timestamp)
    {
        return new ScriptElement(NO_INPUT, timestamp, new byte[0], "watermark " + timestamp);
    }

    static ScriptElement tick(final long time)
    {
        return new ScriptElement(CLOCK, time, new byte[0], "processing time " + time);
    }

    boolean isTick()
    {
        return input == CLOCK;
    }

    boolean isRecord()
    {
        return input >= 0;
    }

    boolean isWatermark()
    {
        return input == NO_INPUT;
    }

    int input()
    {
        return input;
    }

    long timestamp()
    {
        return timestamp;
    }

    byte[] record()
    {
        return record;
    }

    @Override
    public String toString()
    {
        return text;
    }
}
