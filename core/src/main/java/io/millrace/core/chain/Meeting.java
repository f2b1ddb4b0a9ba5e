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
package io.millrace.core.chain;

/**
 * Where streams of one task meet: takes the records of all of them in the order in which they come, and has them processed in
 * that order, many at a time. The task's thread.
 */
public interface Meeting
{
    /**
     * Takes a record, which is copied.
     *
     * @param slot  of the record
     * @param input of the operator that it is for
     * @return what the operator said when this completed a batch, else true
     */
    boolean take(long slot, int input);

    /**
     * Has records processed behind those that were taken before.
     *
     * @param slots of the records
     * @param count number of records
     * @param input of the operator that they are for
     * @return what the operator said
     */
    boolean takeBatch(long[] slots, int count, int input);

    /**
     * Has processed what was taken.
     *
     * @return true to go on, false to stop as soon as possible; everything is processed in both cases
     */
    boolean flush();
}
