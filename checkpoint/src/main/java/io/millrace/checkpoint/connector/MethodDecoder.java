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
package io.millrace.checkpoint.connector;

/**
 * Makes records of the calls that a queue's method writer wrote.
 * <pre>
 *   out -> (TradeListener)trade -> out.record().time(trade.time()).price(trade.price())
 * </pre>
 *
 * @param <W> flyweight that writes the records
 */
@FunctionalInterface
public interface MethodDecoder<W>
{
    /**
     * Makes what the calls are replayed to. Called once for each start.
     *
     * @param out gives the record of the call that is being replayed
     * @return an object that implements the interface, or interfaces, of the method writer; the task's thread calls it
     */
    Object receiver(DecodedRecord<W> out);
}
