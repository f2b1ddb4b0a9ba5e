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
package io.millrace.core.runtime;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

class OrderlyCloseTest
{
    @Test
    void shouldCloseEverythingAndThrowTheFirstFailure()
    {
        final int[] closed = {0};
        final OrderlyClose closing = new OrderlyClose();
        closing.close("nothing", null);
        closing.close("first", () ->
        {
            throw new AssertionError("one");
        });
        closing.close("second", () -> closed[0]++);
        closing.close("third", () ->
        {
            throw new Exception("three");
        });
        assertEquals(1, closed[0]);
        final IllegalStateException failure = assertThrows(IllegalStateException.class, closing::rethrow);
        assertEquals("first could not be closed: java.lang.AssertionError: one", failure.getMessage());
        assertEquals("third could not be closed: java.lang.Exception: three", failure.getSuppressed()[0].getMessage());
    }

    @Test
    void shouldAttachFailuresToTheOneOnItsWay()
    {
        final OrderlyClose closing = new OrderlyClose();
        closing.rethrow();
        final IllegalStateException other = new IllegalStateException("other");
        closing.attachTo(other);
        assertEquals(0, other.getSuppressed().length);
        final RuntimeException broken = new RuntimeException("broken");
        closing.close("it", () ->
        {
            throw broken;
        });
        closing.attachTo(other);
        assertSame(broken, other.getSuppressed()[0].getCause());
    }
}
