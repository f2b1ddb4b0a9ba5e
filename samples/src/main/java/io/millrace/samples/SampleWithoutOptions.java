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
package io.millrace.samples;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A sample that has no options of its own.
 *
 * @param name    to start it by
 * @param about   what it shows, for {@code --help}
 * @param program that shows it
 */
record SampleWithoutOptions(String name, String about, Program program) implements Sample
{
    /** Runs to its end and prints what came of it. */
    @FunctionalInterface
    interface Program
    {
        void run() throws Exception;
    }

    @Override
    public void run(final String[] arguments) throws Exception
    {
        final CommandSpec spec = CommandSpec.create()
            .name(name)
            .addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this.").build())
            .addOption(OptionSpec.builder("--stacktrace").description("Shows where a failure came from.").build());
        spec.usageMessage().description(about);
        final CommandLine command = new CommandLine(spec);
        if (command.parseArgs(arguments).isUsageHelpRequested())
        {
            command.usage(System.out);
            return;
        }
        program.run();
    }
}
