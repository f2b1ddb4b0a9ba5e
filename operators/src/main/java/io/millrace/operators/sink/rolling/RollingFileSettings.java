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
package io.millrace.operators.sink.rolling;

import java.math.BigInteger;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a user said of the files.
 *
 * @param prefix        of their names
 * @param extension     of their names, without the dot
 * @param maxLength     at which a file is closed, in bytes
 * @param interval      of event time that a file covers, or null
 * @param atCheckpoints whether each checkpoint closes the file
 * @param forced        whether storage is waited for
 * @param maxPending    transactions that may wait for checkpoints
 */
record RollingFileSettings(
    String prefix,
    String extension,
    long maxLength,
    Duration interval,
    boolean atCheckpoints,
    boolean forced,
    int maxPending)
{
    private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);

    /** The interval in the pipeline's unit, 1 or more. */
    long intervalIn(final TimeUnit unit)
    {
        final BigInteger nanoseconds = BigInteger.valueOf(interval.getSeconds()).multiply(BILLION)
            .add(BigInteger.valueOf(interval.getNano()));
        final BigInteger[] units = nanoseconds.divideAndRemainder(BigInteger.valueOf(unit.toNanos(1)));
        if (units[0].signum() <= 0 || units[1].signum() != 0 || units[0].bitLength() >= Long.SIZE)
        {
            throw new IllegalStateException("interval=" + interval + " of the files must be a whole number of the pipeline's " +
                "unit=" + unit + ", 1 or more");
        }
        return units[0].longValueExact();
    }
}
