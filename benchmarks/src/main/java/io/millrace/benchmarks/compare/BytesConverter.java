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

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 1g}, {@code 64m} and {@code 4096}. */
final class BytesConverter implements ITypeConverter<Long>
{
    private static final int SHIFT = 10;
    private static final String UNITS = "kmg";

    @Override
    public Long convert(final String text)
    {
        final int unit = text.isEmpty() ? -1 : UNITS.indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
        try
        {
            final long number = Long.parseLong(unit < 0 ? text : text.substring(0, text.length() - 1));
            return Math.multiplyExact(number, 1L << SHIFT * (unit + 1));
        }
        catch (final NumberFormatException | ArithmeticException exception)
        {
            throw new TypeConversionException("bytes=" + text + " is no number of bytes: write say 1g, 64m or 4096");
        }
    }
}
