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
package io.millrace.samples.savepoint;

import io.millrace.core.savepoint.JobDescription;
import io.millrace.core.savepoint.OperatorDescription;
import io.millrace.core.savepoint.PartDescription;
import io.millrace.core.savepoint.Savepoint;
import io.millrace.core.savepoint.SavepointEntries;
import io.millrace.core.savepoint.SavepointFactory;
import io.millrace.core.savepoint.SavepointOrigin;
import io.millrace.core.state.StateDescription;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A savepoint of which something else is told than is stored. */
final class ChangedSavepoint implements Savepoint
{
    private final Savepoint savepoint;
    private final JobDescription told;
    private final int skipped;
    private final int repeated;

    private ChangedSavepoint(
        final Savepoint savepoint, final UnaryOperator<JobDescription> change, final int skipped, final int repeated)
    {
        this.savepoint = savepoint;
        this.told = change.apply(savepoint.job());
        this.skipped = skipped;
        this.repeated = repeated;
    }

    static SavepointFactory told(final SavepointFactory factory, final UnaryOperator<JobDescription> change)
    {
        return account -> new ChangedSavepoint(factory.open(account), change, 0, 0);
    }

    /** Reads so many key groups less, or more, than was asked for. */
    static SavepointFactory read(final SavepointFactory factory, final int skipped, final int repeated)
    {
        return account -> new ChangedSavepoint(factory.open(account), UnaryOperator.identity(), skipped, repeated);
    }

    static UnaryOperator<JobDescription> operator(final String uid, final UnaryOperator<OperatorDescription> change)
    {
        return job ->
        {
            final List<OperatorDescription> operators = new ArrayList<>();
            job.operators().forEach(each -> operators.add(each.uid().equals(uid) ? change.apply(each) : each));
            return new JobDescription(job.name(), job.maxParallelism(), job.clock(), operators);
        };
    }

    static UnaryOperator<JobDescription> state(
        final String uid, final String name, final UnaryOperator<StateDescription> change)
    {
        return operator(uid, each ->
        {
            final List<StateDescription> states = new ArrayList<>();
            each.states().forEach(state -> states.add(state.name().endsWith(name) ? change.apply(state) : state));
            return new OperatorDescription(
                each.uid(), each.name(), each.source(), each.parallelism(), states, each.parts(), each.inputs());
        });
    }

    private OperatorDescription stored(final OperatorDescription operator)
    {
        return savepoint.job().operators().get(told.operators().indexOf(operator));
    }

    @Override
    public SavepointOrigin origin()
    {
        return savepoint.origin();
    }

    @Override
    public boolean drained()
    {
        return savepoint.drained();
    }

    @Override
    public JobDescription job()
    {
        return told;
    }

    @Override
    public byte[] part(final OperatorDescription operator, final PartDescription part, final int instance)
    {
        final OperatorDescription stored = stored(operator);
        return instance < stored.parallelism() ? savepoint.part(stored, part, instance) : null;
    }

    @Override
    public long entries(final OperatorDescription operator, final int state)
    {
        return savepoint.entries(stored(operator), state);
    }

    @Override
    public void read(
        final OperatorDescription operator, final int state, final int first, final int last, final SavepointEntries target)
    {
        savepoint.read(stored(operator), state, first + skipped, last, target);
        if (repeated > 0)
        {
            savepoint.read(stored(operator), state, first, first + repeated - 1, target);
        }
    }

    @Override
    public void close()
    {
        savepoint.close();
    }
}
