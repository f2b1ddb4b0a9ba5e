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

import java.util.function.LongUnaryOperator;

/** Divides, to be isolated. */
public final class IsolatedDivision implements LongUnaryOperator
{
    private final long divisor;

    /**
     * A division.
     *
     * @param divisor 0 or more
     */
    public IsolatedDivision(final Long divisor)
    {
        if (divisor < 0)
        {
            throw new IllegalArgumentException("divisor=" + divisor);
        }
        this.divisor = divisor;
    }

    @Override
    public long applyAsLong(final long operand)
    {
        return operand / divisor;
    }
}
