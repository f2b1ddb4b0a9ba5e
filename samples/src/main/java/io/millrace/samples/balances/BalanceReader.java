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
package io.millrace.samples.balances;

import io.millrace.checkpoint.backend.ChronicleMapReader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Prints the balances of a job that runs in another process, a line an account. */
public final class BalanceReader
{
    private BalanceReader()
    {
    }

    /**
     * Prints them.
     *
     * @param args the directory that the job keeps its state in
     */
    public static void main(final String[] args)
    {
        try (ChronicleMapReader balances = open(Path.of(args[0])))
        {
            balances.forEach((slice, account, balance) ->
                System.out.println("account=" + number(account) + " balance=" + number(balance)));
        }
    }

    static ChronicleMapReader open(final Path directory)
    {
        return ChronicleMapReader.open(
            directory, BalancesSample.JOB, BalancesSample.OPERATOR, 0, BalancesSample.STATE);
    }

    private static long number(final byte[] bytes)
    {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
