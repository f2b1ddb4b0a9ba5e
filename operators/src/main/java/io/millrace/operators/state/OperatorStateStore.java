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
package io.millrace.operators.state;

import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

/**
 * Where a function declares the states that each parallel instance of its operator has one of, when it opens. A name is
 * unique for the operator and the kind of state, and finds the state again after a restart.
 */
public interface OperatorStateStore
{
    /**
     * Which of the operator's parallel instances this is.
     *
     * @return from 0 to {@link #parallelism()} - 1
     */
    int subtask();

    /**
     * Number of parallel instances.
     *
     * @return 1 or more
     */
    int parallelism();

    /**
     * Declares a list of records that is split among the instances when their number changes (SEMANTICS OP-1); as long as it
     * does not, each instance gets its own list back.
     *
     * @param name unique among the operator's lists
     * @param type of the records, of fixed length
     * @param <V>  read-only view of the records
     * @param <W>  flyweight that writes them
     * @return the list
     */
    <V, W extends Flyweight> ListState<V, W> listState(String name, RecordType<V, W> type);

    /**
     * Declares a list of records of which each instance gets all after a restart: its own and those of the others, in the
     * order of the instances (SEMANTICS OP-2). Keep what is the instance's own in {@link
     * io.millrace.operators.process.InstanceFunction#start}, or the list grows with each restart. It passes through the
     * heap then, so it is for short lists.
     *
     * @param name unique among the operator's union lists
     * @param type of the records, of fixed length
     * @param <V>  read-only view of the records
     * @param <W>  flyweight that writes them
     * @return the list
     */
    <V, W extends Flyweight> ListState<V, W> unionListState(String name, RecordType<V, W> type);

    /**
     * Declares a map from whole numbers to records that the broadcast side writes and the other side reads (SEMANTICS OP-3).
     *
     * @param name unique among the operator's broadcast maps
     * @param type of the records, of fixed length
     * @param <V>  read-only view of the records
     * @param <W>  flyweight that writes them
     * @return the map
     * @throws IllegalStateException when no input of the operator is broadcast
     */
    <V, W extends Flyweight> LongMapState<V, W> broadcastLongMap(String name, RecordType<V, W> type);

    /**
     * Declares a map from texts of at most 32 bytes to records that the broadcast side writes and the other side reads
     * (SEMANTICS OP-3).
     *
     * @param name unique among the operator's broadcast maps
     * @param type of the records, of fixed length
     * @param <V>  read-only view of the records
     * @param <W>  flyweight that writes them
     * @return the map
     * @throws IllegalStateException when no input of the operator is broadcast
     */
    <V, W extends Flyweight> TextMapState<V, W> broadcastTextMap(String name, RecordType<V, W> type);

    /**
     * Where states by key are declared.
     *
     * @return the states of the operator's keyed input
     * @throws IllegalStateException when no input of the operator has keys
     */
    StateStore keyed();
}
