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
package io.millrace.checkpoint.backend;

import io.millrace.memory.Memory;
import io.millrace.memory.table.KeyHash;
import io.millrace.memory.table.KeyOrder;
import io.millrace.memory.table.TableCursor;

/**
 * A walk over the rows of one table in the canonical order: those in memory and those in the library, side by side. A
 * row that is in both is shown as memory has it. Rows may leave memory meanwhile, but none may be written or deleted.
 * It can be opened again and again.
 */
final class WriteBackCursor implements AutoCloseable
{
    private final WriteBackRows rows;
    private final int keyLength;
    private final int valueLength;
    /** Addresses of the key that the library's cursor is on, and of the one that was shown last. */
    private final long libraryKey;
    private final long lastKey;
    private final TableCursor memory = new TableCursor();

    private RowCursor library;
    private boolean inMemory;
    private boolean inLibrary;
    private long libraryHash;
    private long memoryHash;
    private long from;
    private boolean shown;
    private long moves;
    private boolean open;

    /**
     * A cursor that is not open.
     *
     * @param rows    to walk over
     * @param scratch address of two keys' bytes of its own
     */
    WriteBackCursor(final WriteBackRows rows, final StateShape shape, final long scratch)
    {
        this.rows = rows;
        keyLength = shape.keyLength();
        valueLength = shape.valueLength();
        libraryKey = scratch;
        lastKey = scratch + keyLength;
    }

    /** Before the first row that has at least a hash, unsigned. */
    void open(final long hash)
    {
        from = hash;
        shown = false;
        open = true;
        seek(hash);
    }

    boolean isOpen()
    {
        return open;
    }

    private void seek(final long hash)
    {
        closeLibrary();
        moves = rows.moves();
        rows.wrap(memory, hash);
        nextInMemory();
        library = rows.libraryCursor(hash);
        nextInLibrary();
    }

    private void nextInMemory()
    {
        inMemory = rows.keepsInMemory() && memory.next();
        memoryHash = inMemory ? memory.hash() : 0;
    }

    private void nextInLibrary()
    {
        inLibrary = library != null && library.next(libraryKey);
        libraryHash = inLibrary ? KeyHash.hash(libraryKey, keyLength) : 0;
    }

    /**
     * Copies the next row out.
     *
     * @param entry address that its key is copied to, and its value behind
     * @return false when there is none; the cursor is closed then
     */
    boolean next(final long entry)
    {
        if (!open)
        {
            return false;
        }
        if (moves != rows.moves())
        {
            seekBehindLast();
        }
        if (!inMemory && !inLibrary)
        {
            close();
            return false;
        }
        final int order = !inLibrary ? -1 : !inMemory ? 1 :
            KeyOrder.compare(memoryHash, memory.keyAddress(), libraryHash, libraryKey, keyLength);
        if (order <= 0)
        {
            Memory.copyWords(memory.keyAddress(), entry, keyLength);
            Memory.copyWords(WriteBackRows.value(memory), entry + keyLength, valueLength);
            nextInMemory();
        }
        else
        {
            Memory.copyWords(libraryKey, entry, keyLength);
            library.value(entry + keyLength);
        }
        if (order >= 0)
        {
            nextInLibrary();
        }
        Memory.copyWords(entry, lastKey, keyLength);
        shown = true;
        return true;
    }

    /** Rows have left memory, or came into it: what the cursors saw before is not what is there now. */
    private void seekBehindLast()
    {
        if (!shown)
        {
            seek(from);
            return;
        }
        final long lastHash = KeyHash.hash(lastKey, keyLength);
        seek(lastHash);
        while (inMemory &&
            KeyOrder.compare(memoryHash, memory.keyAddress(), lastHash, lastKey, keyLength) <= 0)
        {
            nextInMemory();
        }
        while (inLibrary && KeyOrder.compare(libraryHash, libraryKey, lastHash, lastKey, keyLength) <= 0)
        {
            nextInLibrary();
        }
    }

    private void closeLibrary()
    {
        if (library != null)
        {
            library.close();
            library = null;
        }
    }

    @Override
    public void close()
    {
        closeLibrary();
        open = false;
    }
}
