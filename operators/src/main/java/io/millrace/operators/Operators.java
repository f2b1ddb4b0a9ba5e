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
package io.millrace.operators;

import io.millrace.core.operator.KeyEncoder;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.operators.keyed.KeyView;

/** Factories of generic operators: the one place where their type parameters are given up. */
final class Operators
{
    private Operators()
    {
    }

    static OperatorFactory<Operator> factory(final Class<? extends Operator> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    static OperatorFactory<KeyEncoder> encoder(final Class<? extends KeyEncoder> type, final Object... arguments)
    {
        return OperatorFactory.of(type, arguments);
    }

    static <K> OperatorFactory<KeyView<K>> keyView(final Class<? extends KeyView<K>> type)
    {
        return OperatorFactory.of(type);
    }
}
