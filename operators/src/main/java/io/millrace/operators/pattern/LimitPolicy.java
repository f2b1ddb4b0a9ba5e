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
package io.millrace.operators.pattern;

/** What happens when a key has as many partial matches, or keeps as many records, as its pattern allows. */
public enum LimitPolicy
{
    /** The job fails, with a message that has the limit and the remedy. */
    FAIL,
    /** The partial match that started first is dropped, and counted; where there is none, the first record that waits. */
    DROP_OLDEST,
    /** The partial match that started last, or the record that comes, is dropped, and counted. */
    DROP_NEWEST
}
