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
package io.millrace.core.chain;

import io.millrace.core.operator.OperatorFactory;
import org.junit.jupiter.api.Test;

import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IsolatedLoaderTest
{
    @Test
    void shouldGiveEachInstanceAClassOfItsOwn()
    {
        final LongSupplier first = counting("first");
        final LongSupplier second = counting("second");
        assertNotSame(first.getClass(), second.getClass());
        assertEquals(first.getClass().getName(), second.getClass().getName());
        assertEquals("first", first.getClass().getClassLoader().getName());
        assertEquals(1, first.getAsLong());
        assertEquals(2, first.getAsLong());
        assertEquals(3, first.getAsLong());
        assertEquals(1, second.getAsLong(), "statics are not shared");
        assertEquals(1, new IsolatedCount().getAsLong(), "nor with the original");
    }

    @Test
    void shouldShareTheClassWhereIsolationIsOff()
    {
        System.setProperty(IsolatedLoader.ISOLATION_PROPERTY, "false");
        try
        {
            final LongUnaryOperator divided =
                IsolatedLoader.newInstance("divide", LongUnaryOperator.class, IsolatedDivision.class, 2L);
            assertSame(IsolatedDivision.class, divided.getClass());
        }
        finally
        {
            System.clearProperty(IsolatedLoader.ISOLATION_PROPERTY);
        }
    }

    @Test
    void shouldCopyNestedClassesWithIt()
    {
        final LongSupplier isolated = counting("nested");
        assertSame(isolated.getClass().getClassLoader(), ((Supplier<?>)isolated).get().getClass().getClassLoader());
    }

    @Test
    void shouldShowTheOperatorInStackTraces()
    {
        final LongUnaryOperator failing =
            IsolatedLoader.newInstance("divide", LongUnaryOperator.class, IsolatedDivision.class, 0L);
        final ArithmeticException failure =
            assertThrows(ArithmeticException.class, () -> failing.applyAsLong(1));
        final String frame = failure.getStackTrace()[0].toString();
        assertTrue(
            frame.startsWith("divide//io.millrace.core.chain.IsolatedDivision.applyAsLong(IsolatedDivision.java:"),
            frame);
    }

    @Test
    void shouldFailAtAMemberThatIsNotPublic()
    {
        final LongUnaryOperator operator =
            IsolatedLoader.newInstance("nosy", LongUnaryOperator.class, IsolatedNosy.class);
        assertEquals(7, new IsolatedNosy().applyAsLong(1), "the original may");
        assertThrows(IllegalAccessError.class, () -> operator.applyAsLong(1));
    }

    @Test
    void shouldRefuseArgumentsThatDoNotFit()
    {
        final IllegalStateException failure = assertThrows(IllegalStateException.class,
            () -> IsolatedLoader.newInstance("divide", LongUnaryOperator.class, IsolatedDivision.class, "zero"));
        assertEquals("operator divide cannot be made: class=io.millrace.core.chain.IsolatedDivision " +
            "arguments=[zero]: argument type mismatch; types nested in an isolated class are copied too, " +
            "so take arguments of top-level types", failure.getMessage());
    }

    @Test
    void shouldPassOnWhatTheConstructorThrows()
    {
        assertThrows(IllegalArgumentException.class, () ->
            IsolatedLoader.newInstance("divide", LongUnaryOperator.class, IsolatedDivision.class, -1L));
    }

    @Test
    void shouldRefuseSeveralConstructors()
    {
        final IllegalStateException failure = assertThrows(IllegalStateException.class,
            () -> IsolatedLoader.newInstance("text", CharSequence.class, StringBuilderLike.class));
        assertTrue(failure.getMessage().contains("must have exactly one"), failure.getMessage());
    }

    private static LongSupplier counting(final String name)
    {
        return IsolatedLoader.newInstance(name, LongSupplier.class, OperatorFactory.of(IsolatedCount.class));
    }

    /** Two ways to be made. */
    public static final class StringBuilderLike implements CharSequence
    {
        /** One. */
        public StringBuilderLike()
        {
        }

        /**
         * Two.
         *
         * @param text ignored
         */
        public StringBuilderLike(final String text)
        {
        }

        @Override
        public int length()
        {
            return 0;
        }

        @Override
        public char charAt(final int index)
        {
            return 0;
        }

        @Override
        public CharSequence subSequence(final int start, final int end)
        {
            return this;
        }
    }
}
