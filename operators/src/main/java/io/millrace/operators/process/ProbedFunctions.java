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
package io.millrace.operators.process;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Makes functions; the first of them is made at once, so that it can be asked what it needs while the pipeline is
 * declared. Any thread.
 *
 * @param <F> the function
 */
public final class ProbedFunctions<F> implements Supplier<F>
{
    private final Supplier<? extends F> functions;
    private final F probe;
    private final AtomicReference<F> first;

    /**
     * Makes the first function.
     *
     * @param functions make the others
     */
    public ProbedFunctions(final Supplier<? extends F> functions)
    {
        this.functions = functions;
        this.probe = functions.get();
        this.first = new AtomicReference<>(probe);
    }

    /**
     * A function to ask.
     *
     * @return the first one
     */
    public F probe()
    {
        return probe;
    }

    @Override
    public F get()
    {
        final F unused = first.getAndSet(null);
        return unused != null ? unused : functions.get();
    }
}
