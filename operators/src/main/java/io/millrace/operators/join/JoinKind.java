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
package io.millrace.operators.join;

/** Which records of a window a join keeps that have no partner in it. */
public enum JoinKind
{
    /** None. */
    INNER(false, false),
    /** Those of the left side. */
    LEFT_OUTER(true, false),
    /** Those of the right side. */
    RIGHT_OUTER(false, true),
    /** Those of both sides. */
    FULL_OUTER(true, true);

    private final boolean keepsLeft;
    private final boolean keepsRight;

    JoinKind(final boolean keepsLeft, final boolean keepsRight)
    {
        this.keepsLeft = keepsLeft;
        this.keepsRight = keepsRight;
    }

    /**
     * Whether a left record without partner makes a result.
     *
     * @return true when it does
     */
    public boolean keepsLeft()
    {
        return keepsLeft;
    }

    /**
     * Whether a right record without partner makes a result.
     *
     * @return true when it does
     */
    public boolean keepsRight()
    {
        return keepsRight;
    }
}
