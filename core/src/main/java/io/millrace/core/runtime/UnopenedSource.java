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
package io.millrace.core.runtime;

import io.millrace.core.operator.OperatorContext;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.SourceOutput;
import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

/** Stands before a source that is not to be opened, as the job does not run. */
record UnopenedSource(Source behind) implements SourceInFront
{
    @Override
    public void open(final OperatorContext context)
    {
    }

    @Override
    public int poll(final SourceOutput output, final int limit)
    {
        return 0;
    }

    @Override
    public boolean finished()
    {
        return true;
    }

    @Override
    public void snapshot(final BlobWriter writer)
    {
    }

    @Override
    public void restore(final BlobReader reader)
    {
    }
}
