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

import io.millrace.memory.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordUpgradeTest
{
    @RegisterExtension
    final RecordFixture memory = new RecordFixture();

    @Test
    void shouldReadItsOwnSchema()
    {
        for (final RecordType<?, ?> type : List.of(OrderFlyweight.TYPE, TradeFlyweight.TYPE, VenueFlyweight.TYPE))
        {
            type.checkReadable(type.schema());
            assertTrue(type.upgradeFrom(type.schema()).identity());
            final RecordSchema schema = RecordSchema.parse(type.schema());
            assertEquals(type.fields().stream().map(RecordField::toString).toList(),
                schema.fields().stream().map(RecordField::toString).toList());
            assertEquals(type.blockLength(), schema.blockLength());
            assertEquals(type.maxLength(), schema.maxLength());
        }
    }

    @Test
    void shouldReadASchemaWithoutFields()
    {
        final RecordType<Object, Flyweight> type = new RecordType<>("raw", 8, 8, List.of(), () -> null);

        assertEquals("raw{}8/8", type.schema());
        assertTrue(type.upgradeFrom(type.schema()).identity());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "a:INT@0+4                             ; a:INT@0+4,b:INT@4+4",
        "s:ENUM(BUY|SELL)@0+1                  ; s:ENUM(BUY|SELL|CROSS)@0+1",
        "v:VAR_BYTES(10)@0+8                   ; v:VAR_BYTES(20)@0+8",
        "r:RECORD(R{x:INT@0+4}8/8)@0+8         ; r:RECORD(R{x:INT@0+4,y:INT@4+4}8/8)@0+8",
        "r:RECORD(R{x:LONG@0+8}8/8)@0+8        ; r:RECORD(R{x:LONG@0+8,y:LONG@8+8}16/16)@0+16",
    })
    void shouldAllowWhatIsAppended(final String stored, final String current)
    {
        final RecordUpgrade upgrade = RecordUpgrade.between(schema(stored), schema(current));

        assertEquals(current.contains("VAR") || current.contains("CROSS"), upgrade.identity());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "a:INT@0+4,b:INT@4+4 ; a:INT@0+4 ; field=b of record=T was stored as b:INT@4+4, and is now missing",
        "a:INT@0+4           ; a:FLOAT@0+4 ; field=a of record=T was stored as a:INT@0+4, and is now a:FLOAT@0+4",
        "a:INT@0+4           ; b:INT@0+4,a:INT@4+4 ; field=a of record=T was stored as a:INT@0+4, and is now a:INT@4+4",
        "a:ASCII(4)@0+5      ; a:ASCII(6)@0+7 ; was stored as a:ASCII(4)@0+5, and is now a:ASCII(6)@0+7",
        "a:ASCII(4)@0+5      ; a:UTF8(4)@0+5 ; and is now a:UTF8(4)@0+5",
        "a:DECIMAL(2)@0+8    ; a:DECIMAL(4)@0+8 ; and is now a:DECIMAL(4)@0+8",
        "a:VAR_BYTES(9)@0+8  ; a:VAR_BYTES(8)@0+8 ; and is now a:VAR_BYTES(8)@0+8",
        "a:ENUM(A|B)@0+1     ; a:ENUM(B|A)@0+1 ; was stored as a:ENUM(A|B)@0+1, and is now a:ENUM(B|A)@0+1",
        "a:ENUM(A|B)@0+1     ; a:ENUM(A)@0+1 ; and is now a:ENUM(A)@0+1",
        "r:RECORD(R{x:INT@0+4}8/8)@0+8 ; r:RECORD(R{x:FLOAT@0+4}8/8)@0+8 ; field=x of record=T.r:R was stored",
        "r:RECORD(R{x:INT@0+4}8/8)@0+8 ; r:RECORD(S{x:INT@0+4}8/8)@0+8 ; record=T.r:R cannot be read",
    })
    void shouldNameTheFieldThatCannotBeRead(final String stored, final String current, final String message)
    {
        final String actual = assertThrows(IllegalStateException.class,
            () -> RecordUpgrade.between(schema(stored), schema(current))).getMessage();

        assertTrue(actual.contains(message), actual);
    }

    @Test
    void shouldRefuseAnotherRecord()
    {
        final String venue = VenueFlyweight.TYPE.schema();

        assertEquals("stored record=Venue cannot be read as record=Trade: " +
            "keep the name with @OffHeapRecord(name = \"Venue\")",
            assertThrows(IllegalStateException.class, () -> TradeFlyweight.TYPE.checkReadable(venue)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "T", "T{", "T{a", "T{a:INT@0+4", "T{a:INT@0+4}", "T{a:INT@0+4}8", "T{a:INT@0+4}x/8",
        "T{a:INT@0+4;b:INT@4+4}8/8",
        "T{a:ASCII(4@0+5}8/8", "T{a:ASCII(x)@0+5}8/8", "T{a:ASCII(4)0+5}8/8", "T{a:INT@0}8/8", "T{a:COMPLEX@0+4}8/8",
    })
    void shouldSayThatASchemaIsDamaged(final String text)
    {
        final String message = assertThrows(IllegalStateException.class, () -> RecordSchema.parse(text)).getMessage();

        assertTrue(message.startsWith("schema=\"" + text + "\" "), message);
    }

    @Test
    void shouldUpgradeARecord()
    {
        final RecordSchema stored = schema(
            "r:RECORD(R{x:INT@0+4}8/8)@0+8,v:VAR_BYTES(8)@8+8,w:VAR_BYTES(8)@16+8,a:BYTE@24+1", 32);
        final RecordSchema current = schema(
            "r:RECORD(R{x:INT@0+4,y:INT@4+4}8/8)@0+8,v:VAR_BYTES(8)@8+8,w:VAR_BYTES(8)@16+8," +
            "a:BYTE@24+1,b:INT@28+4,c:LONG@32+8,u:VAR_BYTES(9)@40+8", 48);
        final RecordUpgrade upgrade = RecordUpgrade.between(stored, current);
        final int[] fields = {8, 16};
        final long source = memory.allocate(64);
        Memory.putInt(source, 42);
        Memory.putLong(source + 8, 0);
        Memory.putLong(source + 16, 0);
        VarBytesCodec.put(source, 32, fields, 16, 8, new byte[] {1, 2, 3}, 0, 3, "w");
        Memory.putByte(source + 24, (byte)7);
        final long destination = memory.allocate(128);

        assertFalse(upgrade.identity());
        assertEquals(32, upgrade.storedBlockLength());
        assertEquals(51, upgrade.upgradedLength(35));
        assertEquals(51, upgrade.upgrade(source, 35, destination));

        assertEquals(42, Memory.getInt(destination));
        assertEquals(0, Memory.getInt(destination + 4), "the padding held garbage");
        assertEquals(7, Memory.getByte(destination + 24));
        assertEquals(0, Memory.getInt(destination + 28));
        assertEquals(0, Memory.getLong(destination + 32));
        assertEquals(51, VarBytesCodec.encodedLength(destination, 48, new int[] {8, 16, 40}));
        assertEquals(0, VarBytesCodec.length(destination, 8));
        assertTrue(VarBytesCodec.equal(source, destination, 16));
        assertThrows(IllegalStateException.class, () -> upgrade.upgrade(source, 31, destination));
    }

    private static RecordSchema schema(final String fields)
    {
        return schema(fields, 64);
    }

    private static RecordSchema schema(final String fields, final int blockLength)
    {
        return RecordSchema.parse("T{" + fields + '}' + blockLength + '/' + blockLength);
    }
}
