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
package io.millrace.operators.transform;

import io.millrace.operators.function.Collector;

/**
 * A collector as its operator sees it.
 *
 * @param <W> flyweight that writes the results
 */
public interface ResultCollector<W> extends Collector<W>, AutoCloseable
{
    /**
     * Begins a callback of the user's function.
     *
     * @param slot whose timestamp, cause and ingress time the results have
     */
    void begin(long slot);

    /**
     * Begins a callback whose results have a timestamp of their own: that of a timer, of a match.
     *
     * @param slot      whose cause and ingress time the results have
     * @param timestamp that they have
     */
    void begin(long slot, long timestamp);

    /**
     * What the outputs said since {@link #begin}.
     *
     * @return false to stop as soon as possible
     */
    boolean goOn();

    @Override
    void close();
}
