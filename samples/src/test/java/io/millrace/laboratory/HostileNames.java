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
package io.millrace.laboratory;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Names that want to lie elsewhere, or be something else than names. */
final class HostileNames
{
    private static final List<String> UPWARDS = List.of(
        "..", "../", "../../", "../../../../../../../../", "./../", "a/../../", "..//", ".././", "..\\", "..\\..\\",
        "%2e%2e/", "..%2f", "%2e%2e%2f", "%252e%252e%252f", "..;/", "\uFF0E\uFF0E/", "..\u2215", "..\u0000/", "/", "//", "/./",
        "~/", "C:\\", "\\\\host\\share\\", "file:///");
    private static final List<String> TARGETS = List.of(
        "", "x", "etc/passwd", "checkpoints/manifest-0000000000000000001", "live/../../x", "x\u0000.txt", "x\n", ".ssh/id_rsa");
    private static final List<String> OTHERS = List.of(
        ".", "...", " ", "\t", "\n", "\r\n", "\u0000", "\u202E", "$HOME", "$(id)", "`id`", "|id", ";id", "&id", "*", "?", "a:b",
        "a b", "x/", "-/../x", "\uD800", "\u00E9/..", "x".repeat(300), "../".repeat(100), "con/../x", "{}", "<x>", "\"x\"");

    private HostileNames()
    {
    }

    /** All of them, each once, none empty. */
    static Set<String> all()
    {
        final Set<String> names = new LinkedHashSet<>(OTHERS);
        for (final String upwards : UPWARDS)
        {
            for (final String target : TARGETS)
            {
                names.add(upwards + target);
            }
        }
        return names;
    }
}
