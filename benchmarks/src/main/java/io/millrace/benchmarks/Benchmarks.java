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
package io.millrace.benchmarks;

import io.millrace.benchmarks.compare.CompareCommand;
import org.openjdk.jmh.Main;
import picocli.CommandLine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Starts what measures: {@code compare} the side-by-side runs, anything else JMH with its own options.
 * <p>
 * A manifest opens modules to the JVM that {@code java -jar} starts, not to the JVMs that JMH forks, so they get the
 * engine's flags on their command line.
 */
public final class Benchmarks
{
    private static final String FORK_FLAGS_OPTION = "-jvmArgsPrepend";
    private static final String FLAGS = "jvm.flags";

    private Benchmarks()
    {
    }

    /**
     * Runs comparisons or benchmarks.
     *
     * @param args {@code compare} and its arguments, or the options of JMH
     * @throws IOException when JMH cannot read or write one of its files
     */
    public static void main(final String[] args) throws IOException
    {
        if (args.length > 0 && "compare".equals(args[0]))
        {
            final CompareCommand command = new CompareCommand(flagList());
            System.exit(new CommandLine(command).execute(Arrays.copyOfRange(args, 1, args.length)));
        }
        Main.main(withForkFlags(args, String.join(" ", flagList())));
    }

    static String[] withForkFlags(final String[] args, final String flags)
    {
        final List<String> result = new ArrayList<>(Arrays.asList(args));
        final int option = result.indexOf(FORK_FLAGS_OPTION);
        if (option >= 0 && option + 1 < result.size())
        {
            result.set(option + 1, flags + " " + result.get(option + 1));
        }
        else
        {
            result.add(0, FORK_FLAGS_OPTION);
            result.add(1, flags);
        }
        return result.toArray(new String[0]);
    }

    /**
     * The JVM flags that the engine needs.
     *
     * @return as the build wrote them
     */
    public static List<String> flagList()
    {
        try (InputStream input = Benchmarks.class.getResourceAsStream(FLAGS))
        {
            if (input == null)
            {
                throw new IllegalStateException(FLAGS + " is not beside " + Benchmarks.class + ": build with Maven");
            }
            return List.of(new String(input.readAllBytes(), StandardCharsets.UTF_8).trim().split("\\s+"));
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException(FLAGS + " beside " + Benchmarks.class + " cannot be read", exception);
        }
    }
}
