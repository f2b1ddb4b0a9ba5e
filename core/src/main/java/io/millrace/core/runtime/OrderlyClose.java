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

/**
 * Closes one thing after the other, whatever goes wrong with one of them. What went wrong is thrown at the end, the
 * first failure with the others attached.
 */
final class OrderlyClose
{
    private RuntimeException failure;

    /**
     * Closes one thing.
     *
     * @param what      it is, for the message of its failure
     * @param closeable to close, may be null
     */
    void close(final String what, final AutoCloseable closeable)
    {
        if (closeable == null)
        {
            return;
        }
        try
        {
            closeable.close();
        }
        catch (final Throwable throwable)
        {
            final IllegalStateException described =
                new IllegalStateException(what + " could not be closed: " + throwable, throwable);
            if (failure == null)
            {
                failure = described;
            }
            else
            {
                failure.addSuppressed(described);
            }
        }
    }

    /** Throws what went wrong, if anything did. */
    void rethrow()
    {
        if (failure != null)
        {
            throw failure;
        }
    }

    /**
     * Attaches what went wrong to a failure that is on its way already.
     *
     * @param other that is thrown
     */
    void attachTo(final Throwable other)
    {
        if (failure != null)
        {
            other.addSuppressed(failure);
        }
    }
}
