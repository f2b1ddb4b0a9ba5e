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
package io.millrace.operators.window.triggered;

import io.millrace.operators.function.TimeWindow;
import io.millrace.operators.trigger.EvictableElements;
import io.millrace.operators.trigger.Evictor;

/** Keeps all elements. */
public final class NoEvictor implements Evictor<Object>
{
    /** An evictor. */
    public NoEvictor()
    {
    }

    @Override
    public void evictBefore(
        final EvictableElements<Object> elements, final TimeWindow window, final long currentWatermark)
    {
        // All stay.
    }

    @Override
    public void evictAfter(
        final EvictableElements<Object> elements, final TimeWindow window, final long currentWatermark)
    {
        // All stay.
    }
}
