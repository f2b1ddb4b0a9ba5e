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

/**
 * An operator that hands records to something outside of the job that may be full: a ring that the application polls.
 * As a record is never refused, what does not fit waits inside the operator, and the task takes no new input until it
 * has gone.
 * <p>
 * Both methods are called once or twice a step of the task, not for each record. The task's thread.
 */
public interface DrainingOperator extends Operator
{
    /**
     * Records that fit for certain; the task takes no more input at a time than that.
     *
     * @return 0 when it is full, {@link Integer#MAX_VALUE} when there is no bound
     */
    int room();

    /**
     * Shows what was written, and moves on what waits. Called before new input is taken, and at the end of each step.
     *
     * @return true when nothing waits; false to be called again in the next step, before new input
     */
    boolean drain();
}
