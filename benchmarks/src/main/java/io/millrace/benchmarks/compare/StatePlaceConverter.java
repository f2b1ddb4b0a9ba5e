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
package io.millrace.benchmarks.compare;

import io.millrace.benchmarks.workload.StatePlace;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;

/** Reads {@code off-heap}, {@code chronicle-map} and {@code rocksdb}, and the constants' own names. */
final class StatePlaceConverter implements ITypeConverter<StatePlace>
{
    @Override
    public StatePlace convert(final String text)
    {
        try
        {
            return StatePlace.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
        catch (final IllegalArgumentException exception)
        {
            throw new TypeConversionException("state=" + text + " is unknown: write off-heap, chronicle-map or rocksdb");
        }
    }
}
