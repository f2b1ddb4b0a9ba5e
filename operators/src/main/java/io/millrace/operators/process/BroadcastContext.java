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
package io.millrace.operators.process;

/**
 * What a broadcast record's callback is told beside it. Valid during the callback.
 *
 * @param <K> view of the keys of the other stream
 */
public interface BroadcastContext<K> extends ProcessContext
{
    /**
     * Shows a state of every key of this instance, in the order of key group, hash and bytes, the same on every backend and
     * after a restart. States may be changed meanwhile, also those of the key that is shown; a key whose state is empty is
     * not shown. It holds the task up for as long as it takes: some hundred nanoseconds a key.
     *
     * @param state  that the function declared in {@code keyed()}
     * @param action takes each key and the state
     * @param <S>    type of the state
     * @throws IllegalArgumentException when it is no state by key of this operator
     */
    <S> void applyToKeyedState(S state, KeyedStateAction<? super K, ? super S> action);

    /**
     * Takes the state of one key.
     *
     * @param <K> view of the key
     * @param <S> type of the state
     */
    @FunctionalInterface
    interface KeyedStateAction<K, S>
    {
        /**
         * Takes the state of one key; other states by key are those of the same key meanwhile.
         *
         * @param key   valid during the call
         * @param state that was asked for
         */
        void process(K key, S state);
    }
}
