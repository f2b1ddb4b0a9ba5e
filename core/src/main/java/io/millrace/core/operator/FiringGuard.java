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

import io.millrace.memory.record.RecordType;

/**
 * What becomes of a firing that fails: a call of a user's function that has no record of its own to blame, since it makes
 * results of what the operator keeps: of a window, a pair, a match. An operator with an error policy calls such functions
 * so:
 * <pre>
 *   guard.begin();
 *   do
 *   {
 *       try
 *       {
 *           return fire(slot);
 *       }
 *       catch (final Throwable thrown)
 *       {
 *           if (!guard.takes(thrown, slot, currentRecord()))
 *           {
 *               throw thrown;
 *           }
 *           // ends the callback: views are left
 *       }
 *   }
 *   while (guard.again());
 *   return guard.goOn();
 * </pre>
 * and goes on as after success. The task's thread.
 */
public interface FiringGuard
{
    /** Begins a firing: none of its calls has failed. */
    void begin();

    /**
     * Takes what a call threw, which goes to the dead letters unless the function is to be called again.
     *
     * @param thrown what was caught
     * @param slot   address of the slot that caused the firing
     * @param firing what was being made of what, as text: window, key
     * @return false when it must be thrown on
     */
    boolean takes(Throwable thrown, long slot, String firing);

    /**
     * The same of a call that has a record to blame, though it came some time ago.
     *
     * @param thrown what was caught
     * @param slot   address of the record's slot
     * @param type   of the record
     * @return false when it must be thrown on
     */
    boolean takes(Throwable thrown, long slot, RecordType<?, ?> type);

    /**
     * Whether the function is to be called again, after {@link #takes} has said true.
     *
     * @return false when the firing is over
     */
    boolean again();

    /**
     * What the output of the dead letters said.
     *
     * @return false to stop as soon as possible
     */
    boolean goOn();
}
