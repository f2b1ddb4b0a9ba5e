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
package io.millrace.core.runtime;

import io.millrace.core.savepoint.SavepointFactory;
import io.millrace.core.savepoint.StateMigration;

import java.util.Map;

/**
 * The savepoint that a job begins from.
 *
 * @param factory          opens it; null for none
 * @param allowNonRestored whether state may be left out that no operator declares
 * @param migrations       by uid, a line feed and the state's name
 */
record RestorePoint(SavepointFactory factory, boolean allowNonRestored, Map<String, StateMigration> migrations)
{
    /** Copies the map. */
    RestorePoint
    {
        migrations = Map.copyOf(migrations);
    }

    static String key(final String uid, final String state)
    {
        return uid + '\n' + state;
    }

    StateMigration migration(final String uid, final String state)
    {
        return migrations.get(key(uid, state));
    }
}
