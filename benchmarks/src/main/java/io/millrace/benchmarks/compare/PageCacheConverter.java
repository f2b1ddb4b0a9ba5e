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

import java.util.Locale;

/** Reads {@code warm}, {@code cold-files} and {@code cold-machine}. */
final class PageCacheConverter implements ITypeConverter<PageCache>
{
    @Override
    public PageCache convert(final String text)
    {
        try
        {
            return PageCache.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
        catch (final IllegalArgumentException exception)
        {
            throw new TypeConversionException("cache=" + text + " is unknown: write warm, cold-files or cold-machine");
        }
    }
}
