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
package io.millrace.operators.sink;

import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.StreamSink;
import io.millrace.memory.record.RecordType;

/**
 * A sink that calls the application, on the task's thread. At least once: after a restart records come again, and the
 * identity says which; a {@link DeduplicatingCallback} drops them.
 */
public final class CallbackSink
{
    /**
     * Takes records.
     *
     * @param <V> read-only view of the records
     */
    @FunctionalInterface
    public interface SinkFunction<V>
    {
        /**
         * Takes one record.
         *
         * @param record valid during the call
         */
        void accept(V record);
    }

    /**
     * Takes records with what the engine knows of them.
     *
     * @param <V> read-only view of the records
     */
    @FunctionalInterface
    public interface IdentifiedSinkFunction<V>
    {
        /**
         * Takes one record.
         *
         * @param record   valid during the call
         * @param metadata identity and times of the record; valid during the call
         */
        void accept(V record, RecordMetadata metadata);
    }

    private CallbackSink()
    {
    }

    /**
     * A sink.
     *
     * @param function that takes the records
     * @param <V>      read-only view of the records
     * @return the sink
     */
    public static <V> StreamSink<V> of(final SinkFunction<? super V> function)
    {
        return type -> OperatorFactory.of(CallbackOperator.class, type, function);
    }

    /**
     * A sink that does not call twice for the same record, in whatever life of the job. There is one instance.
     *
     * @param callback that remembers what it has had; not to be shared with another sink
     * @param <V>      read-only view of the records
     * @return the sink
     */
    public static <V> StreamSink<V> deduplicated(final DeduplicatingCallback<V> callback)
    {
        return new StreamSink<>()
        {
            @Override
            public OperatorFactory<Operator> factory(final RecordType<? extends V, ?> type)
            {
                return OperatorFactory.of(IdentifiedCallbackOperator.class, type, callback);
            }

            @Override
            public boolean parallel()
            {
                return false;
            }
        };
    }

    /**
     * A sink.
     *
     * @param function that takes the records with their identity
     * @param <V>      read-only view of the records
     * @return the sink
     */
    public static <V> StreamSink<V> identified(final IdentifiedSinkFunction<? super V> function)
    {
        return type -> OperatorFactory.of(IdentifiedCallbackOperator.class, type, function);
    }
}
