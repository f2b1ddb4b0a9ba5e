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
package io.millrace.operators.window;

/** Is told of sessions that go, by who keeps something for a session that lies elsewhere. The task's thread. */
public interface SessionRemoval
{
    /**
     * A session is about to be removed.
     *
     * @param key     address of its key's bytes, valid during the call
     * @param session address of its first byte, to be read only; valid during the call
     */
    void removing(long key, long session);
}
