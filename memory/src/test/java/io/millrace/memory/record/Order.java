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
package io.millrace.memory.record;

/** Has a field of every kind. */
@OffHeapRecord(name = "order-v1")
interface Order
{
    boolean live();

    @EventTime
    long time();

    byte flags();

    short lots();

    char side();

    int quantity();

    float weight();

    double yield();

    @Decimal(8)
    long price();

    State state();

    @Ascii(12)
    CharSequence symbol();

    @Utf8(300)
    CharSequence note();

    @FixedBytes(16)
    ByteView id();

    Venue venue();

    @VarBytes(64)
    ByteView head();

    @VarBytes(1000)
    ByteView body();

    enum State
    {
        NEW, FILLED, CANCELLED
    }
}
