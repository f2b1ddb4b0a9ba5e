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

/**
 * A step of a script.
 *
 * @param input     that the record comes from; -1 for a watermark
 * @param timestamp event time
 * @param record    its bytes; null for a watermark
 * @param text      for people
 */
record ScriptElement(int input, long timestamp, byte[] record, String text)
{
    static ScriptElement watermark(final long timestamp)
    {
        return new ScriptElement(-1, timestamp, null, "watermark " + timestamp);
    }

    boolean isWatermark()
    {
        return record == null;
    }

    @Override
    public String toString()
    {
        return text;
    }
}
