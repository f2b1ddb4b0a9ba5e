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

import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Savepoints on the command line, without a library for it:
 * <pre>
 *   java -cp ... io.millrace.checkpoint.savepoint.SavepointMain inspect DIR     reads and checks all of it
 *   java -cp ... io.millrace.checkpoint.savepoint.SavepointMain diff A B        says what B has that A has not
 * </pre>
 * It ends with 0, with 1 when two savepoints differ, and with 2 when it could not do what was asked.
 */
public final class SavepointMain
{
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
            out.println("usage: savepoint inspect DIR | savepoint diff A B");
        }
        catch (final IllegalStateException exception)
        {
            out.println(exception.getMessage());
        }
        return FAILED;
    }
}
