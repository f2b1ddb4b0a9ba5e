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
package io.millrace.core.testing;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

/** Another source, with something of the test's done around each call. */
public final class HookedSource implements Source
{
    private final Source source;
    private final Runnable hook;
    private final Runnable finishing;
    private final boolean ends;

    /**
     * A source.
     *
     * @param source    that emits
     * @param hook      run before and after each poll
     * @param finishing run when it is asked whether it has finished
     * @param ends      false to be idle for ever behind the last record
     */
    public HookedSource(final Source source, final Runnable hook, final Runnable finishing, final Boolean ends)
    {
        this.source = source;
        this.hook = hook;
        this.finishing = finishing;
        this.ends = ends;
    }

    @Override
    public void open(final OperatorContext context)
    {
        source.open(context);
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        hook.run();
        final int emitted = source.poll(output, limit);
        hook.run();
        return emitted;
    }

    @Override
    public boolean finished()
    {
        finishing.run();
        return ends && source.finished();
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
        source.snapshot(writer);
    }

    @Override
    public void restore(final BlobReader reader)
    {
        source.restore(reader);
    }
}
