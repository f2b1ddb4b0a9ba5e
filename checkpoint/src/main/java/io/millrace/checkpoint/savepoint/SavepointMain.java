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
package io.millrace.checkpoint.savepoint;

import java.io.File;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Savepoints on the command line, without a library for it:
 * <pre>
 *   java -cp ... io.millrace.checkpoint.savepoint.SavepointMain inspect DIR     reads and checks all of it
 *   java -cp ... io.millrace.checkpoint.savepoint.SavepointMain diff A B        says what B has that A has not
 *   java -cp ... io.millrace.checkpoint.savepoint.SavepointMain verify DIR --against job.jar [--main CLASS]
 *   java -cp ... io.millrace.checkpoint.savepoint.SavepointMain dispose DIR     deletes it, and nothing else
 * </pre>
 * {@code verify} says what the job in a jar would do with a savepoint, without starting it: for each operator and state whether it is
 * restored, converted, new, dropped or refused. The jar, or several with the path separator between them, has a
 * {@link RestorablePipeline}. Its user functions are made and opened, its sources are not.
 * <p>
 * It ends with 0, with 1 when two savepoints differ or the job would refuse the savepoint, and with 2 when it could not do what was
 * asked.
 */
public final class SavepointMain
{
    private static final String USAGE =
        "usage: savepoint inspect DIR | diff A B | verify DIR --against job.jar [--main CLASS] | dispose DIR";
    private static final int DIFFERENT = 1;
    private static final int FAILED = 2;

    private SavepointMain()
    {
    }

    /**
     * Runs one command and ends the process.
     *
     * @param arguments as above
     */
    public static void main(final String[] arguments)
    {
        System.exit(run(System.out, arguments));
    }

    /**
     * Runs one command.
     *
     * @param out       takes the answer
     * @param arguments as above
     * @return status for the process
     */
    public static int run(final PrintStream out, final String... arguments)
    {
        try
        {
            if (arguments.length == 2 && "inspect".equals(arguments[0]))
            {
                new SavepointReport(out).inspect(Path.of(arguments[1]));
                return 0;
            }
            if (arguments.length == 3 && "diff".equals(arguments[0]))
            {
                return new SavepointReport(out).diff(Path.of(arguments[1]), Path.of(arguments[2])) ? DIFFERENT : 0;
            }
            if (arguments.length == 2 && "dispose".equals(arguments[0]))
            {
                out.println("deleted files=" + Savepoints.dispose(Path.of(arguments[1])));
                return 0;
            }
            if (arguments.length >= 4 && "verify".equals(arguments[0]))
            {
                return verify(out, arguments) ? 0 : DIFFERENT;
            }
            out.println(USAGE);
        }
        catch (final IllegalStateException | IllegalArgumentException exception)
        {
            out.println(exception.getMessage());
        }
        // From the code of a job.
        catch (final RuntimeException exception)
        {
            out.println("the job cannot be built: " + exception);
        }
        return FAILED;
    }

    private static boolean verify(final PrintStream out, final String... arguments)
    {
        List<Path> jars = List.of();
        String main = null;
        for (int i = 2; i < arguments.length; i += 2)
        {
            final String value = i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--against" -> jars = Stream.of(value.split(File.pathSeparator)).map(Path::of).toList();
                case "--main" -> main = value;
                default -> throw new IllegalArgumentException("option=" + arguments[i] + " is not known: " + USAGE);
            }
        }
        if (jars.isEmpty())
        {
            throw new IllegalArgumentException("no jar to verify against: " + USAGE);
        }
        try
        {
            return new SavepointVerifier(out).verify(Path.of(arguments[1]), jars, main);
        }
        catch (final LinkageError error)
        {
            throw new IllegalStateException("jars=" + jars + " lack a class, or have another version of it: " + error +
                "; give all jars of the job, with " + File.pathSeparator + " between them", error);
        }
    }
}
