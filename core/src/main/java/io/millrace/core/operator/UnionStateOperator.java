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
package io.millrace.core.operator;

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;

import java.util.List;

/**
 * An operator with state that every instance is given all of at a restore (SEMANTICS OP-2), whatever the parallelism.
 */
public interface UnionStateOperator extends Operator
{
    /**
     * Writes the instance's own part. Called after {@link #restore} of all instances, only when there is a snapshot; comes
     * from the thread that starts the job.
     *
     * @param writer to write to
     */
    void writeUnion(BlobWriter writer);

    /**
     * Replaces the instance's own part by the parts of all. Called after {@link #writeUnion} of all instances, before
     * {@link #start}; comes from the thread that starts the job.
     *
     * @param parts over what each instance wrote, in the order of the instances
     */
    void readUnion(List<BlobReader> parts);
}
