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

import io.millrace.memory.record.Ascii;
import io.millrace.memory.record.ByteView;
import io.millrace.memory.record.Decimal;
import io.millrace.memory.record.FixedBytes;
import io.millrace.memory.record.OffHeapRecord;
import io.millrace.memory.record.Utf8;
import io.millrace.memory.record.VarBytes;
import io.millrace.operators.Reading;

/** A record of every kind of field. */
@OffHeapRecord
public interface Mixed
{
    /** For the enum field. */
    enum Side
    {
        BUY,
        SELL
    }

    boolean flag();

    byte small();

    short medium();

    char letter();

    int whole();

    long large();

    float single();

    double precise();

    @Decimal(4)
    long price();

    Side side();

    @Ascii(20)
    CharSequence symbol();

    @Utf8(60)
    CharSequence text();

    @FixedBytes(3)
    ByteView code();

    Reading reading();

    @VarBytes(100)
    ByteView rest();
}
