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
package io.millrace.operators.source;

/** Ends the reading of a line that is malformed. One object for all lines of a source: it has no stack trace. */
public final class MalformedLineException extends IllegalArgumentException
{
    private static final long serialVersionUID = 1L;

    private int field;
    private String reason;

    MalformedLineException()
    {
        super("malformed line");
    }

    MalformedLineException of(final int newField, final String newReason)
    {
        field = newField;
        reason = newReason;
        return this;
    }

    /**
     * Which field could not be read.
     *
     * @return from 0, or -1 for the whole line
     */
    public int field()
    {
        return field;
    }

    @Override
    public String getMessage()
    {
        return field < 0 ? reason : "field=" + field + ": " + reason;
    }

    @Override
    public synchronized Throwable fillInStackTrace()
    {
        return this;
    }
}
