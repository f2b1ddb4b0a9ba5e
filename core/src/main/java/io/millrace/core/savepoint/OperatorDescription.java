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
package io.millrace.core.savepoint;

import io.millrace.core.state.StateDescription;

import java.util.List;

/**
 * An operator or source as a savepoint tells of it.
 *
 * @param uid         that its state is found by
 * @param name        for people
 * @param source      whether it is a source
 * @param parallelism number of instances
 * @param states      in the order of their declaration
 * @param parts       that may be there
 * @param inputs      in the order of the channels, for an operator that a task begins with
 */
public record OperatorDescription(
    String uid,
    String name,
    boolean source,
    int parallelism,
    List<StateDescription> states,
    List<PartDescription> parts,
    List<InputDescription> inputs)
{
    /** Copies the lists. */
    public OperatorDescription
    {
        states = List.copyOf(states);
        parts = List.copyOf(parts);
        inputs = List.copyOf(inputs);
    }

    /**
     * A part by its kind.
     *
     * @param kind of the part
     * @return the part, or null when there is none
     */
    public PartDescription part(final PartKind kind)
    {
        return parts.stream().filter(part -> part.kind() == kind).findFirst().orElse(null);
    }
}
