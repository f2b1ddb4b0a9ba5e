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

/** What there is to do when sessions merge; {@link WindowCallbacks} calls it, in a callback of the window that it is about. */
public interface SessionMerging
{
    /** A session ends that merges: its trigger takes back what it has registered. */
    void clear();

    /**
     * The session that others have merged into takes the elements of one of them.
     *
     * @param other name of that session
     * @param first index of its first element
     * @param end   index behind its last element
     */
    void takeFrom(long other, long first, long end);

    /** The session that others have merged into has all elements: its trigger makes its state of theirs. */
    void merge();
}
