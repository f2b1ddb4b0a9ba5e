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

import java.util.ArrayList;
import java.util.List;

/** What was shown to the outside, record by record, and cannot be taken back. Outlives the job; one sink at a time. */
public final class Shown
{
    private final List<String> records = new ArrayList<>();
    private int next;

    /** Nothing yet. */
    public Shown()
    {
    }

    /**
     * Begins a life of the job.
     *
     * @param restored number of records that the checkpoint counts on
     */
    public synchronized void begin(final int restored)
    {
        if (restored > records.size())
        {
            throw new IllegalStateException("the checkpoint counts on shown=" + restored + " of " + records.size());
        }
        next = restored;
    }

    /**
     * Shows a record, or compares it with what was shown in its place.
     *
     * @param record with its identity
     * @return number of records so far
     */
    public synchronized int show(final String record)
    {
        if (next == records.size())
        {
            records.add(record);
        }
        else if (!records.get(next).equals(record))
        {
            throw new IllegalStateException("replay diverged: shown=" + records.get(next) + " now=" + record);
        }
        return ++next;
    }

    /**
     * Everything.
     *
     * @return in order
     */
    public synchronized List<String> records()
    {
        return List.copyOf(records);
    }
}
