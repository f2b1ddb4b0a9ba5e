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

import io.millrace.memory.Memory;

/**
 * Makes sure that the JVM was started with the flags that off-heap memory needs, before anything else fails without a
 * reason.
 */
final class RuntimeFlags
{
    private static final String REMEDY =
        "add to the java command line: --add-opens java.base/jdk.internal.misc=ALL-UNNAMED " +
        "(or to the manifest of a runnable jar: Add-Opens: java.base/jdk.internal.misc)";

    private RuntimeFlags()
    {
    }

    static void check()
    {
        try
        {
            Memory.probe();
        }
        catch (final LinkageError error)
        {
            throw new IllegalStateException("off-heap memory cannot be reached, since a JVM flag is missing: " + REMEDY,
                error);
        }
    }
}
