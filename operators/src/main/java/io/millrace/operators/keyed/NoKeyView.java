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
package io.millrace.operators.keyed;

/** Shows nothing: there is one key, which nobody gave. */
public final class NoKeyView implements KeyView<Void>
{
    /** A view. */
    public NoKeyView()
    {
    }

    @Override
    public Void at(final long key)
    {
        return null;
    }

    @Override
    public String toString()
    {
        return "none";
    }
}
