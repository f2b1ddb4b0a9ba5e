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
package io.millrace.core.time;

import java.time.Duration;
import java.util.Objects;

/**
 * Whom a source waits for.
 *
 * @param group    name that the sources of a group share
 * @param maxDrift by which the source may be ahead of the least of them
 */
public record WatermarkAlignment(String group, Duration maxDrift)
{
    /** Checks the values. */
    public WatermarkAlignment
    {
        Objects.requireNonNull(maxDrift, "maxDrift");
        if (group.isBlank())
        {
            throw new IllegalArgumentException("name of an alignment group is blank: give it at least one letter");
        }
        if (maxDrift.isNegative())
        {
            throw new IllegalArgumentException("maxDrift=" + maxDrift + " of alignment group=" + group +
                " must be 0 or more");
        }
    }
}
