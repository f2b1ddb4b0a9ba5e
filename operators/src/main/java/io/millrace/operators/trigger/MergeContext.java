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
package io.millrace.operators.trigger;

/**
 * What a trigger is told of sessions that merge: besides time, timers and state of the session that they become, whose state
 * is zeros at first, the state that each of them had. Valid during the callback.
 */
public interface MergeContext extends TriggerContext
{
    /**
     * How many sessions merge.
     *
     * @return 1 when a session has only grown
     */
    int merged();

    /**
     * A number that the trigger has kept of one of them.
     *
     * @param session from 0 to {@link #merged()} - 1
     * @param index   from 0 to {@link Trigger#stateLength()} - 1
     * @return as written last
     */
    long mergedState(int session, int index);
}
