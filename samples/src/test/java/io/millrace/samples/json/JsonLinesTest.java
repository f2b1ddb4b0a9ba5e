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
package io.millrace.samples.json;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JsonLinesTest
{
    @Test
    void shouldLeaveOutWhatIsNoValue() throws IOException
    {
        assertEquals(Map.of("a", "1", "b", "x\"y", "e", "true", "f", "-2.5"),
            JsonLines.fields("{\"a\":1,\"b\":\"x\\\"y\",\"c\":null,\"d\":[{\"a\":2}],\"e\":true,\"g\":{\"a\":3},\"f\":-2.5}"));
    }

    @Test
    void shouldRefuseWhatIsNoObject()
    {
        assertThrows(IOException.class, () -> JsonLines.fields("[1]"));
        assertThrows(IOException.class, () -> JsonLines.fields("{\"a\":"));
        assertThrows(IOException.class, () -> JsonLines.fields(""));
    }

    @Test
    void shouldNameTheArtifactOfAMissingResource()
    {
        final IOException missing =
            assertThrows(IOException.class, () -> JsonLines.read("/none.json", "group:artifact:1", fields -> fields));

        assertTrue(missing.getMessage().contains("add group:artifact:1"), missing.getMessage());
    }
}
