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

import java.util.List;

/**
 * An operator whose bytes outside its tables can be put together when the number of its instances changes. The bytes of
 * any other operator must be the same for all instances then, or the restore is refused.
 */
public interface RescalableOperator extends Operator
{
    /**
     * Reads what the instances of before wrote with {@link #snapshot}. Called in place of {@link #restore}, after the tables
     * were restored; comes from the thread that starts the job.
     *
     * @param parts over what each instance wrote, in their order; at least one
     */
    void restoreRescaled(List<BlobReader> parts);
}
