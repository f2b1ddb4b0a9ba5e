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
package io.millrace.operators.trigger;

/**
 * How far an element is from the last one.
 *
 * @param <V> read-only view of the elements
 */
@FunctionalInterface
public interface DeltaFunction<V>
{
    /**
     * The distance.
     *
     * @param element valid during the call
     * @param last    the element that came last; valid during the call
     * @return the distance of the two
     */
    double delta(V element, V last);
}
