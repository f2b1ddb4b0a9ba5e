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

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Where the journals of a pipeline lie, by names that the pipeline chooses. */
public final class ReplayJournals
{
    private static final Pattern NAME = Pattern.compile("(?!\\.)[A-Za-z0-9_.-]{1,128}");

    private final Function<String, Path> inputs;
    private final Function<String, Path> outputs;

    ReplayJournals(final Function<String, Path> inputs, final Function<String, Path> outputs)
    {
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /**
     * For the live run: all journals beside each other.
     *
     * @param directory that has a directory for each journal
     * @return the places
     */
    public static ReplayJournals in(final Path directory)
    {
        Objects.requireNonNull(directory, "directory");
        return new ReplayJournals(directory::resolve, directory::resolve);
    }

    /**
     * A journal to read.
     *
     * @param name of the journal: 1 to 128 of the characters A-Z a-z 0-9 _ . -, the first of them no dot
     * @return its directory
     * @throws IllegalArgumentException when a replay was not told where it is
     */
    public Path input(final String name)
    {
        return inputs.apply(checked(name));
    }

    /**
     * A journal to write.
     *
     * @param name of the journal, as of one to read
     * @return its directory; in a replay one in the scratch directory
     */
    public Path output(final String name)
    {
        return outputs.apply(checked(name));
    }

    private static String checked(final String name)
    {
        if (!NAME.matcher(name).matches())
        {
            throw new IllegalArgumentException("journal=" + name + " must match " + NAME.pattern() +
                ", since it becomes the name of a directory: rename it");
        }
        return name;
    }
}
