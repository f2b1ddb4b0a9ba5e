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
package io.millrace.checkpoint.connector;

/**
 * Reads the documents of a queue one after the other, and has each decoded.
 *
 * @param <W> flyweight that writes the records
 */
public interface DocumentReader<W>
{
    /** {@link #read}: there is no further document now. */
    int NOTHING = 0;
    /** {@link #read}: a document was passed over. */
    int PASSED_OVER = 1;
    /** {@link #read}: the record was written. */
    int RECORD = 2;

    /**
     * Reads the next document.
     *
     * @param record to be written
     * @return what came of it
     */
    int read(W record);
}
