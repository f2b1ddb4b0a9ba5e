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

/**
 * Layout of what is kept of a key and window.
 * <pre>
 *    0  index of the first element, long
 *    8  index behind the last element, long: the window is empty when they are equal
 *   16  elements that were in no firing yet, long
 *   24  numbers of the trigger, 8 bytes each
 *       contents: an accumulator, or nothing
 * </pre>
 * An entry of zeros is the same as none.
 */
final class WindowDescriptor
{
    static final int FIRST_OFFSET = 0;
    static final int END_OFFSET = 8;
    static final int UNFIRED_OFFSET = 16;
    static final int STATE_OFFSET = 24;

    private WindowDescriptor()
    {
    }

    static int contentsOffset(final int stateLength)
    {
        return STATE_OFFSET + stateLength * Long.BYTES;
    }
}
