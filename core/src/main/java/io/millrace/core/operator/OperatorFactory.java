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
package io.millrace.core.operator;

import java.util.List;
import java.util.Objects;

/**
 * How to make instances of an operator: its class and what its only constructor takes. The engine defines the class
 * anew for every instance, so that each has a type profile of its own and everything it calls is inlined; an instance
 * can therefore only be named through the contracts of this package, and its class may use public members only.
 *
 * @param <T> contract that the instances fulfil
 */
public final class OperatorFactory<T>
{
    private final Class<? extends T> type;
    private final List<Object> arguments;

    private OperatorFactory(final Class<? extends T> type, final List<Object> arguments)
    {
        this.type = type;
        this.arguments = arguments;
    }

    /**
     * A factory.
     *
     * @param type      public class with exactly one constructor
     * @param arguments of the constructor, none null; shared by all instances
     * @param <T>       contract that the instances fulfil
     * @return the factory
     */
    public static <T> OperatorFactory<T> of(final Class<? extends T> type, final Object... arguments)
    {
        for (int i = 0; i < arguments.length; i++)
        {
            Objects.requireNonNull(arguments[i], "argument " + i + " of " + type.getName());
        }
        return new OperatorFactory<>(type, List.of(arguments));
    }

    /**
     * The operator's class.
     *
     * @return as given
     */
    public Class<? extends T> type()
    {
        return type;
    }

    /**
     * What its constructor takes.
     *
     * @return as given
     */
    public List<Object> arguments()
    {
        return arguments;
    }
}
