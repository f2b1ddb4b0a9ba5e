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
package io.millrace.operators.source;

import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.Source;
import io.millrace.core.operator.StreamSource;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordType;

/**
 * A source whose records are a function of their number, and so can be made again after a restart.
 *
 * @param <V> read-only view of the records
 * @param <W> flyweight that writes them
 */
public final class Generator<V, W extends Flyweight> implements StreamSource<V>
{
    /**
     * Writes the record with a number.
     *
     * @param <W> flyweight that writes the records
     */
    @FunctionalInterface
    public interface GeneratorFunction<W>
    {
        /**
         * Writes one record: the same for the same number. A record may be written more than once.
         *
         * @param number of the record, from 0
         * @param out    all zeros at first; valid during the call
         */
        void generate(long number, W out);
    }

    private final RecordType<V, W> type;
    private final long count;
    private final GeneratorFunction<? super W> function;

    private Generator(final RecordType<V, W> type, final long count, final GeneratorFunction<? super W> function)
    {
        this.type = type;
        this.count = count;
        this.function = function;
    }

    /**
     * A source.
     *
     * @param type     of the records
     * @param count    of the records, {@link Long#MAX_VALUE} for no end
     * @param function that writes them
     * @param <V>      read-only view of the records
     * @param <W>      flyweight that writes them
     * @return the source
     */
    public static <V, W extends Flyweight> Generator<V, W> of(
        final RecordType<V, W> type, final long count, final GeneratorFunction<? super W> function)
    {
        if (count < 0)
        {
            throw new IllegalArgumentException("count=" + count + " of records must be 0 or more");
        }
        return new Generator<>(type, count, function);
    }

    @Override
    public RecordType<V, ?> type()
    {
        return type;
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public OperatorFactory<Source> factory()
    {
        return OperatorFactory.of((Class)GeneratorSource.class, type, count, function);
    }
}
