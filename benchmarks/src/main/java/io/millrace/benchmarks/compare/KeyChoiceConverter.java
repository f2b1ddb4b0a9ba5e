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

import io.millrace.benchmarks.workload.KeyChoice;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;

/** Reads {@code uniform} and {@code zipf}. */
final class KeyChoiceConverter implements ITypeConverter<KeyChoice>
{
    @Override
    public KeyChoice convert(final String text)
    {
        try
        {
            return KeyChoice.valueOf(text.toUpperCase(Locale.ROOT));
        }
        catch (final IllegalArgumentException exception)
        {
            throw new TypeConversionException("choice=" + text + " is unknown: write uniform or zipf");
        }
    }
}
