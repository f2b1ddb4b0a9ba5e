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

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a resource of one JSON object a line. */
public final class JsonLines
{
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Makes something of an object.
     *
     * @param <T> what it makes
     */
    @FunctionalInterface
    public interface Parser<T>
    {
        /**
         * Parses one object.
         *
         * @param fields as {@link JsonLines#fields} gives them
         * @return what is kept, or null to leave the line out
         * @throws IOException when a field is not as it should be
         */
        T parse(Map<String, String> fields) throws IOException;
    }

    private JsonLines()
    {
    }

    /**
     * Reads all lines.
     *
     * @param resource name on the class path
     * @param artifact that brings it, for the message when it is not there
     * @param parser   of each line
     * @param <T>      what it makes of a line
     * @return what the parser made, in the order of the lines
     * @throws IOException when the resource is not there, or a line cannot be parsed
     */
    public static <T> List<T> read(final String resource, final String artifact, final Parser<T> parser)
        throws IOException
    {
        final InputStream stream = JsonLines.class.getResourceAsStream(resource);
        if (stream == null)
        {
            throw new IOException("resource=" + resource + " is not on the class path: add " + artifact);
        }
        final List<T> parsed = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8)))
        {
            int number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine())
            {
                number++;
                try
                {
                    final T result = parser.parse(fields(line));
                    if (result != null)
                    {
                        parsed.add(result);
                    }
                }
                catch (final IOException | RuntimeException exception)
                {
                    throw new IOException("line=" + number + " of resource=" + resource + " cannot be parsed", exception);
                }
            }
        }
        return parsed;
    }

    /**
     * The fields of an object that hold a text, a number or a truth value.
     *
     * @param json one object
     * @return their values as texts, by name; nulls, arrays and objects are left out
     * @throws IOException when the text is no JSON object
     */
    public static Map<String, String> fields(final String json) throws IOException
    {
        final Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(json))
        {
            if (parser.nextToken() != JsonToken.START_OBJECT)
            {
                throw new IOException("no JSON object: text=\"" + json + "\"");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName())
            {
                final JsonToken value = parser.nextToken();
                if (value.isStructStart())
                {
                    parser.skipChildren();
                }
                else if (value != JsonToken.VALUE_NULL)
                {
                    fields.put(name, parser.getText());
                }
            }
        }
        return fields;
    }
}
