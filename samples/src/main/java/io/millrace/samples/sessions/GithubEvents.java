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
package io.millrace.samples.sessions;

import io.millrace.samples.json.JsonLines;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The events of GitHub that Apache Pinot brings as an example. */
final class GithubEvents
{
    private static final String RESOURCE = "/examples/batch/githubEvents/rawdata/githubEvents_data.json";

    private GithubEvents()
    {
    }

    /** Reads them, in the order in which GitHub noted them: almost that of their times. */
    static List<EventValue> read() throws IOException
    {
        return JsonLines.read(RESOURCE, "org.apache.pinot:pinot-tools:0.11.0", fields -> new EventValue(
            Instant.parse(fields.get("created_at")).toEpochMilli(),
            // An object within a text.
            JsonLines.fields(fields.get("actor")).get("login"),
            fields.get("type")));
    }
}
