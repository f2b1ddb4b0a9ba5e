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
package io.millrace.checkpoint.control;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Looks at and stops a job from a command line, through its {@link JobControl}; needs picocli.
 * <pre>
 *   java -cp app.jar:... io.millrace.checkpoint.control.JobControlCommand /run/prices stop-with-savepoint /backup/june
 * </pre>
 */
@Command(name = "job", sortOptions = false, description = "Looks at a running job, asks it for a savepoint, stops it.",
    footer = {"", JobControlCommand.REQUESTS, "",
        "Exit status: 0 done, 1 the job says why not, 2 wrong usage, 3 no such job."})
public final class JobControlCommand
{
    static final String REQUESTS =
        "Requests: status, explain, watermarks, memory, counters, checkpoints: tell. checkpoint: asks for one. savepoint TARGET: " +
        "makes one, the job runs on. stop-with-savepoint TARGET, drain-with-savepoint TARGET: the job ends with it; drained, all " +
        "windows fire before. stop: sources end, then the job. drain: and windows fire. cancel: ends it now. A new job begins from a " +
        "savepoint with JobConfig.restoringFrom(Savepoints.in(TARGET)).";

    private static final int REFUSED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int NO_JOB = 3;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this and end")
    private boolean help;

    @Parameters(index = "0", paramLabel = "CONTROL", description = "directory that the job was given for its control")
    private Path control;

    @Parameters(index = "1", paramLabel = "REQUEST", description = "what to ask, see below")
    private String request;

    @Parameters(index = "2", arity = "0..1", paramLabel = "TARGET", description = "directory that a savepoint will be")
    private Path target;

    private JobControlCommand()
    {
    }

    /**
     * Runs the command and ends the process with its status.
     *
     * @param arguments of the command line; {@code --help} lists them
     */
    public static void main(final String[] arguments)
    {
        System.exit(run(arguments, System.out, System.err));
    }

    /**
     * Runs the command.
     *
     * @param arguments of the command line
     * @param out       for the answer
     * @param errors    for what went wrong
     * @return status of the process
     */
    public static int run(final String[] arguments, final PrintStream out, final PrintStream errors)
    {
        final JobControlCommand options = new JobControlCommand();
        final CommandLine command = new CommandLine(options);
        try
        {
            command.parseArgs(arguments);
            if (options.help)
            {
                command.usage(out);
                return 0;
            }
            if (options.request.endsWith("savepoint") == (options.target == null))
            {
                throw new CommandLine.ParameterException(command, "request=" + options.request + " target=" + options.target +
                    ": a savepoint needs a TARGET, nothing else has one");
            }
            return options.ask(out, errors);
        }
        catch (final CommandLine.ParameterException exception)
        {
            errors.println("job: " + exception.getMessage());
            command.usage(errors);
            return WRONG_USAGE;
        }
        catch (final IOException | IllegalStateException exception)
        {
            errors.println("job: control=" + options.control + " cannot be reached: " + exception.getMessage() +
                ": does the job run, with JobControl.open(job, directory), and as this user?");
            return NO_JOB;
        }
    }

    private int ask(final PrintStream out, final PrintStream errors) throws IOException
    {
        try (SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX))
        {
            connection.connect(UnixDomainSocketAddress.of(JobControl.socketIn(control)));
            final String line = target == null ? request : request + " " + target.toAbsolutePath();
            final ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
            while (bytes.hasRemaining())
            {
                connection.write(bytes);
            }
            return answer(new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8)), out, errors);
        }
    }

    private static int answer(final BufferedReader reader, final PrintStream out, final PrintStream errors) throws IOException
    {
        for (String line = reader.readLine(); line != null; line = reader.readLine())
        {
            if (line.startsWith("|"))
            {
                out.println(line.substring(1));
            }
            else if ("ok".equals(line))
            {
                return 0;
            }
            else
            {
                errors.println(line);
                return REFUSED;
            }
        }
        errors.println("the job went before it answered: it has ended, or its control was closed");
        return REFUSED;
    }
}
