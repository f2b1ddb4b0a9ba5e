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
package io.millrace.memory.processor;

import java.util.Set;

/** Names that a field cannot have, because every flyweight or every object has a method of that name. */
final class ReservedNames
{
    private static final Set<String> FLYWEIGHT = Set.of(
        "address", "blockLength", "checkAccess", "checkSpan", "clear", "encodedLength", "release", "set", "toValue",
        "type", "wrap", "wrapField", "wrapUnchecked");
    private static final Set<String> VALUE = Set.of("copyOf");
    private static final Set<String> OBJECT = Set.of(
        "clone", "equals", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");

    private ReservedNames()
    {
    }

    static void check(final String name)
    {
        final String owner = FLYWEIGHT.contains(name) ? "the flyweight" : VALUE.contains(name) ? "the value" :
            OBJECT.contains(name) ? "java.lang.Object" : null;
        if (owner != null)
        {
            throw new InvalidFieldException("field=" + name + " collides with method " + name + " of " + owner +
                ": rename the field");
        }
    }

    static boolean ofFlyweight(final String name)
    {
        return FLYWEIGHT.contains(name);
    }
}
