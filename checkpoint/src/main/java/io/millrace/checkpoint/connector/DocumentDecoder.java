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

import net.openhft.chronicle.wire.DocumentContext;

/**
 * Makes records of the documents of a queue that another program writes.
 * <pre>
 *   (document, trade) ->
 *   {
 *       final Bytes&lt;?&gt; bytes = document.wire().bytes();
 *       trade.time(bytes.readLong()).price(bytes.readLong());
 *       return true;
 *   }
 * </pre>
 *
 * @param <W> flyweight that writes the records
 */
@FunctionalInterface
public interface DocumentDecoder<W>
{
    /**
     * Makes a record of one document. The task's thread.
     *
     * @param document to be read, valid during the call; whatever its writer wrote, so check what it holds before it is
     *                 trusted
     * @param record   to be written; fields that are not written are zero; valid during the call
     * @return false to pass the document over: no record comes of it
     */
    boolean decode(DocumentContext document, W record);
}
