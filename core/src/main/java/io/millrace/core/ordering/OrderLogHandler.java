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
package io.millrace.core.ordering;

/** Takes the entries of an order log, in the order of their batches, without a gap. */
@FunctionalInterface
public interface OrderLogHandler
{
    /**
     * One entry; parameters as in {@link OrderLog#append}.
     *
     * @param batch  of the entry
     * @param kind   a constant of {@link OrderLog}
     * @param source id, or {@link OrderLog#EVERY_SOURCE}
     * @param count  of records
     * @param value  checkpoint id of a barrier, else 0
     * @param clock  of the engine
     */
    void onEntry(long batch, byte kind, int source, int count, long value, long clock);
}
