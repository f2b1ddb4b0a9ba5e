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

import io.millrace.core.checkpoint.CheckpointService;
import io.millrace.core.checkpoint.ForwardingCheckpointService;
import io.millrace.core.operator.Source;
import io.millrace.core.state.ForwardingBackend;
import io.millrace.core.state.StateBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.lang.reflect.Method;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

/** What stands before something else hands on every call: a default in between would swallow it. */
class ForwardingTest
{
    @ParameterizedTest
    @MethodSource("forwarders")
    void shouldHandOnEveryCall(final Class<?> forwarder, final Class<?> contract)
    {
        for (final Method method : contract.getMethods())
        {
            assertDoesNotThrow(() -> forwarder.getDeclaredMethod(method.getName(), method.getParameterTypes()));
        }
    }

    private static Stream<Arguments> forwarders()
    {
        return Stream.of(
            Arguments.of(ForwardingCheckpointService.class, CheckpointService.class),
            Arguments.of(ForwardingBackend.class, StateBackend.class),
            Arguments.of(GatedSource.class, Source.class));
    }
}
