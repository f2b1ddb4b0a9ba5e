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

import io.millrace.core.chain.IsolatedLoader;
import io.millrace.core.operator.OperatorFactory;

/**
 * Shows the bytes of a key as what the user named the key by. Used by one thread.
 *
 * @param <K> view of the key
 */
public interface KeyView<K>
{
    /**
     * Moves the view to a key.
     *
     * @param key address of its bytes
     * @return the view, valid until it is moved
     */
    K at(long key);

    /**
     * Makes a view.
     *
     * @param factory of views
     * @param <K>     what the view shows
     * @return a view on nothing
     */
    @SuppressWarnings("unchecked")
    static <K> KeyView<K> of(final OperatorFactory<KeyView<K>> factory)
    {
        return IsolatedLoader.newInstance("key view", KeyView.class, factory);
    }
}
