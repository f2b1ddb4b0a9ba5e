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
package io.millrace.operators.join;

import io.millrace.core.operator.OperatorContext;

/** What a join makes of the records of a session, by a user's function. The task's thread. */
public interface SessionResults extends AutoCloseable
{
    /**
     * Gets ready.
     *
     * @param context of the operator
     * @param left    records of the left side
     * @param right   records of the right side
     */
    void open(OperatorContext context, JoinedRecords left, JoinedRecords right);

    /**
     * Goes to a session, whose records both sides have gone to.
     *
     * @param key    address of its key's bytes, valid until this is done
     * @param start  of the session
     * @param end    of the session
     * @param lefts  number of left records
     * @param rights number of right records
     */
    void begin(long key, long start, long end, int lefts, int rights);

    /**
     * Whether every result of the session was made.
     *
     * @return false to go on
     */
    boolean isDone();

    /**
     * Makes results until there is no more, or the output says stop, or it was enough for once.
     *
     * @param slot whose cause and ingress time the results have
     * @param most results to make, above 0
     * @return how many more could have been made; 0 to stop as soon as possible
     */
    int fire(long slot, int most);

    /**
     * The call of the user's function that is under way, for messages.
     *
     * @return what it was handed, as text; null when there is none
     */
    String current();

    @Override
    void close();
}
