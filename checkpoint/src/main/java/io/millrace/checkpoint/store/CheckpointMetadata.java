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
package io.millrace.checkpoint.store;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a checkpoint's manifest says beside the list of files.
 */
public final class CheckpointMetadata
{
    /** The most bytes that all entries may have together. */
    public static final int MAX_ENTRY_BYTES = 1 << 20;

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    private final String fingerprint;
    private final boolean finished;
    private final Map<String, byte[]> entries;

    /**
     * @param fingerprint of the plan, any text
     * @param finished    whether the job had ended: nothing is left to do after this checkpoint
     * @param entries     small values by task or operator uid, {@code [A-Za-z0-9_.-]{1,128}}; copied
     */
    public CheckpointMetadata(final String fingerprint, final boolean finished, final Map<String, byte[]> entries)
    {
        this.fingerprint = Objects.requireNonNull(fingerprint, "fingerprint");
        this.finished = finished;
        final Map<String, byte[]> copy = new TreeMap<>();
        long bytes = 0;
        for (final Map.Entry<String, byte[]> entry : entries.entrySet())
        {
            if (!KEY.matcher(entry.getKey()).matches())
            {
                throw new IllegalArgumentException("entry=" + entry.getKey() + " must match " + KEY.pattern() +
                    ": rename the operator");
            }
            bytes += entry.getValue().length;
            copy.put(entry.getKey(), entry.getValue().clone());
        }
        if (bytes > MAX_ENTRY_BYTES)
        {
            throw new IllegalArgumentException("entries have bytes=" + bytes + ", the most is " + MAX_ENTRY_BYTES +
                ": put large values into chunks");
        }
        this.entries = copy;
    }

    /**
     * @return fingerprint of the plan
     */
    public String fingerprint()
    {
        return fingerprint;
    }

    /**
     * @return whether the job had ended
     */
    public boolean finished()
    {
        return finished;
    }

    /**
     * @return keys of the entries, in order
     */
    public Iterable<String> keys()
    {
        return entries.keySet();
    }

    /**
     * @param key of an entry
     * @return a copy of its value, or null
     */
    public byte[] entry(final String key)
    {
        final byte[] value = entries.get(key);
        return value == null ? null : value.clone();
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof CheckpointMetadata that && finished == that.finished &&
            fingerprint.equals(that.fingerprint) && entries.keySet().equals(that.entries.keySet()) &&
            entries.entrySet().stream().allMatch(entry -> Arrays.equals(entry.getValue(),
            that.entries.get(entry.getKey())));
    }

    @Override
    public int hashCode()
    {
        return fingerprint.hashCode() * 31 + entries.keySet().hashCode();
    }

    @Override
    public String toString()
    {
        return "fingerprint=" + fingerprint + " finished=" + finished + " entries=" + entries.keySet();
    }
}
