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

/** Where the journals of a pipeline lie, by names that the pipeline chooses. */
public final class ReplayJournals
{
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
     * @param name of the journal
     * @return its directory
     * @throws IllegalArgumentException when a replay was not told where it is
     */
    public Path input(final String name)
    {
        return inputs.apply(name);
    }

    /**
     * A journal to write.
     *
     * @param name of the journal
     * @return its directory; in a replay one in the scratch directory
     */
    public Path output(final String name)
    {
        return outputs.apply(name);
    }
}
