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
package io.millrace.checkpoint.backend;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A process that prints the rows that another one keeps in a Chronicle Map. */
final class ReadStateMain
{
    private ReadStateMain()
    {
    }

    /**
     * Reads.
     *
     * @param arguments directory, name of the state
     */
    public static void main(final String[] arguments)
    {
        try (ChronicleMapReader reader =
            ChronicleMapReader.open(Path.of(arguments[0]), "job", "operator", 0, arguments[1]))
        {
            System.out.println(rows(reader));
        }
    }

    /** Numbers by slice and key, both numbers too. */
    static Map<String, Long> rows(final ChronicleMapReader reader)
    {
        final Map<String, Long> rows = new TreeMap<>();
        reader.forEach((slice, key, value) -> rows.put(slice + "/" + number(key), number(value)));
        return rows;
    }

    private static long number(final byte[] bytes)
    {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
