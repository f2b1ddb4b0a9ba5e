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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The conditions of a pattern, and what transitions make of them with not and and. An expression is a number; equal
 * ones are the same.
 *
 * @param <V> read-only view of the records
 */
final class ConditionTable<V>
{
    /** No expression: the transition does not exist. */
    static final int NONE = -1;
    /** The expression that always holds. */
    static final int TRUE = 0;

    static final byte IS_TRUE = 0;
    static final byte CONDITION = 1;
    static final byte NOT = 2;
    static final byte AND = 3;

    private final List<StepCondition<V>> conditions = new ArrayList<>();
    private final List<Expression> expressions = new ArrayList<>();
    private final Map<Expression, Integer> numbers = new HashMap<>();

    ConditionTable()
    {
        number(IS_TRUE, 0, 0);
    }

    /** The condition itself; one that is missing always holds. */
    int of(final StepCondition<V> condition)
    {
        if (condition == null)
        {
            return TRUE;
        }
        int index = conditions.indexOf(condition);
        if (index < 0)
        {
            index = conditions.size();
            conditions.add(condition);
        }
        return number(CONDITION, index, 0);
    }

    int not(final int expression)
    {
        final Expression inner = expressions.get(expression);
        return inner.operation() == NOT ? inner.left() : number(NOT, expression, 0);
    }

    int and(final int left, final int right)
    {
        if (left == TRUE)
        {
            return right;
        }
        return right == TRUE || left == right ? left : number(AND, left, right);
    }

    private int number(final byte operation, final int left, final int right)
    {
        final Expression expression = new Expression(operation, left, right);
        final Integer known = numbers.putIfAbsent(expression, expressions.size());
        if (known == null)
        {
            expressions.add(expression);
            return expressions.size() - 1;
        }
        return known;
    }

    List<StepCondition<V>> conditions()
    {
        return conditions;
    }

    List<Expression> expressions()
    {
        return expressions;
    }

    record Expression(byte operation, int left, int right)
    {
    }
}
