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
package io.millrace.checkpoint.replay;

import io.millrace.checkpoint.savepoint.PipelineClass;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The command line of {@link Replay}; needs picocli, which nothing else here does.
 * <pre>
 *   java -cp app.jar:... io.millrace.checkpoint.replay.ReplayCommand com.acme.Prices \
 *       --journal trades=data/trades --output bars=data/bars --checkpoints data/checkpoints --scratch /tmp/replay \
 *       --from 12 --to checkpoint:14 --compare
 * </pre>
 */
@Command(name = "replay", sortOptions = false, description =
    "Runs recorded journals through a pipeline once more, without touching them, and compares what comes of it.",
    footer = {"", "Exit status: 0 the same or not compared, 1 different, 2 wrong usage, 3 failed."})
public final class ReplayCommand
{
    private static final int DIFFERENT = 1;
    private static final int WRONG_USAGE = 2;
    private static final int FAILED = 3;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this and end")
    private boolean help;

    @Parameters(paramLabel = "PIPELINE", description = "class on the class path that implements ReplayablePipeline")
    private String pipeline;

    @Option(names = "--journal", paramLabel = "NAME=DIR", description = "a journal that the pipeline reads; may be repeated")
    private Map<String, Path> journals = new LinkedHashMap<>();

    @Option(names = "--output", paramLabel = "NAME=DIR", description = "a journal that the run has written; may be repeated")
    private Map<String, Path> outputs = new LinkedHashMap<>();

    @Option(names = "--checkpoints", paramLabel = "DIR", description = "checkpoints of the run, with its order and hashes")
    private Path checkpoints;

    @Option(names = "--scratch", paramLabel = "DIR", required = true, description = "what the replay writes goes here")
    private Path scratch;

    @Option(names = "--from", paramLabel = "ID", defaultValue = "0",
        description = "begin at a checkpoint; 0, the default, for the beginning")
    private long from;

    @Option(names = "--to", paramLabel = "POSITION", defaultValue = "end",
        description = "end at checkpoint:ID, cause:BATCH.INDEX or SOURCE:RECORDS (default: ${DEFAULT-VALUE})")
    private String until;

    @Option(names = "--pace", paramLabel = "PACE", defaultValue = "fast",
        description = "fast, or own for as fast as the records came (default: ${DEFAULT-VALUE})")
    private String pace;

    @Option(names = "--compare", description =
        "compare outputs and hashes; differences are status 1, nothing to compare is status 3")
    private boolean compare;

    @Option(names = "--against", paramLabel = "PIPELINE",
        description = "compare with what this class makes of the same input, instead of what was recorded")
    private String against;

    @Option(names = "--list", paramLabel = "N", defaultValue = "20",
        description = "list so many differences (default: ${DEFAULT-VALUE})")
    private int list;

    @Option(names = "--step", paramLabel = "N", description = "show what each of the first N records does, instead of comparing")
    private int steps;

    private ReplayCommand()
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
     * @param out       for the report
     * @param errors    for what went wrong
     * @return status of the process
     */
    public static int run(final String[] arguments, final PrintStream out, final PrintStream errors)
    {
        final ReplayCommand options = new ReplayCommand();
        final CommandLine command = new CommandLine(options);
        try
        {
            command.parseArgs(arguments);
            if (options.help)
            {
                command.usage(out);
                return 0;
            }
            return options.replay(out);
        }
        catch (final CommandLine.ParameterException | IllegalArgumentException exception)
        {
            errors.println("replay: " + exception.getMessage());
            if (exception instanceof CommandLine.ParameterException)
            {
                command.usage(errors);
            }
            return WRONG_USAGE;
        }
        catch (final RuntimeException exception)
        {
            errors.println("replay failed: " + exception.getMessage());
            return FAILED;
        }
    }

    private int replay(final PrintStream out)
    {
        if (!"fast".equals(pace) && !"own".equals(pace))
        {
            throw new IllegalArgumentException("pace=" + pace + " must be fast or own");
        }
        final Replay replay = Replay.of(pipeline(pipeline)).scratch(scratch).from(from).until(ReplayPosition.parse(until))
            .pace("own".equals(pace) ? ReplayPace.own() : ReplayPace.FAST).listing(list);
        journals.forEach(replay::journal);
        outputs.forEach(replay::output);
        if (checkpoints != null)
        {
            replay.checkpoints(checkpoints);
        }
        if (against != null)
        {
            replay.against(pipeline(against));
        }
        if (steps < 0 || steps > 0 && (compare || against != null))
        {
            throw new IllegalArgumentException("step=" + steps + " must be above 0, and shows what records do instead of comparing: " +
                "leave out --compare and --against");
        }
        if (steps > 0)
        {
            step(replay, out);
            return 0;
        }
        final ReplayReport report = replay.run();
        out.print(report);
        if ((compare || against != null) && !report.hasCompared())
        {
            throw new IllegalStateException("nothing was compared, so nothing is known: name what the run has written with --output, " +
                "and checkpoints that were recorded with hashes with --checkpoints");
        }
        return (compare || against != null) && !report.isSame() ? DIFFERENT : 0;
    }

    private void step(final Replay replay, final PrintStream out)
    {
        try (ReplayStepper stepper = replay.step())
        {
            ReplayStep step = stepper.step();
            for (int i = 0; i < steps && step != null; i++)
            {
                out.print(step);
                step = i + 1 < steps ? stepper.step() : null;
            }
        }
    }

    private static ReplayablePipeline pipeline(final String name)
    {
        return PipelineClass.instance(name, Thread.currentThread().getContextClassLoader(), ReplayablePipeline.class);
    }
}
