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
package io.millrace.memory;

/**
 * Whether every off-heap access is checked. On in all tests; set {@code -Dmillrace.debug=true} for it. The flag is a
 * constant for the compiler, so that code behind it costs nothing when it is off.
 */
public final class DebugMode
{
    /** True when the JVM was started with {@code -Dmillrace.debug=true}. */
    public static final boolean ENABLED = Boolean.getBoolean("millrace.debug");

    /** What released memory is filled with in debug mode. */
    public static final byte POISON = (byte)0xDB;

    private DebugMode()
    {
    }
}
