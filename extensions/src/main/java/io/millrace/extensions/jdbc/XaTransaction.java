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
package io.millrace.extensions.jdbc;

import io.millrace.core.state.BlobReader;
import io.millrace.core.state.BlobWriter;
import io.millrace.operators.sink.transaction.TransactionName;
import io.millrace.operators.sink.transaction.TransactionScope;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

import javax.transaction.xa.Xid;

/**
 * A transaction in the database, found again by its id.
 * <pre>
 *   global id:  | first 16 bytes of the SHA-256 of the scope | epoch 8 | number 8 |      branch: "millrace"
 * </pre>
 */
public final class XaTransaction implements Xid
{
    /** "MILL": whose transactions they are, among those of other programs. */
    static final int FORMAT_ID = 0x4D494C4C;

    private static final int SCOPE_LENGTH = 16;
    private static final byte[] BRANCH = "millrace".getBytes(StandardCharsets.US_ASCII);

    private final byte[] globalId;
    /** Nothing was changed in it, and so there is nothing to commit. */
    private boolean empty;

    private XaTransaction(final byte[] globalId, final boolean empty)
    {
        this.globalId = globalId;
        this.empty = empty;
    }

    static XaTransaction of(final TransactionName name)
    {
        return new XaTransaction(ByteBuffer.allocate(SCOPE_LENGTH + 2 * Long.BYTES).put(scopeOf(name.scope()))
            .putLong(name.epoch()).putLong(name.number()).array(), false);
    }

    static XaTransaction read(final BlobReader reader)
    {
        final boolean empty = reader.getInt() != 0;
        return new XaTransaction(HexFormat.of().parseHex(reader.getText()), empty);
    }

    void write(final BlobWriter writer)
    {
        writer.putInt(empty ? 1 : 0).putText(HexFormat.of().formatHex(globalId));
    }

    private static byte[] scopeOf(final TransactionScope scope)
    {
        try
        {
            final byte[] hash = MessageDigest.getInstance("SHA-256").digest(scope.text().getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(hash, SCOPE_LENGTH);
        }
        catch (final NoSuchAlgorithmException failure)
        {
            throw new IllegalStateException("every JDK has SHA-256", failure);
        }
    }

    /** Whether a transaction that the database names is of a scope. */
    static boolean isOf(final TransactionScope scope, final Xid xid)
    {
        final byte[] id = xid.getGlobalTransactionId();
        return xid.getFormatId() == FORMAT_ID && id.length == SCOPE_LENGTH + 2 * Long.BYTES &&
            Arrays.equals(xid.getBranchQualifier(), BRANCH) &&
            Arrays.equals(id, 0, SCOPE_LENGTH, scopeOf(scope), 0, SCOPE_LENGTH);
    }

    boolean isEmpty()
    {
        return empty;
    }

    void becomeEmpty()
    {
        empty = true;
    }

    @Override
    public int getFormatId()
    {
        return FORMAT_ID;
    }

    @Override
    public byte[] getGlobalTransactionId()
    {
        return globalId.clone();
    }

    @Override
    public byte[] getBranchQualifier()
    {
        return BRANCH.clone();
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof XaTransaction transaction && Arrays.equals(globalId, transaction.globalId);
    }

    @Override
    public int hashCode()
    {
        return Arrays.hashCode(globalId);
    }

    @Override
    public String toString()
    {
        return "xa=" + HexFormat.of().formatHex(globalId);
    }
}
