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

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Generated flyweights and values, on a record with a field of every kind. */
class FlyweightTest
{
    private static final VenueValue VENUE = new VenueValue("XLON", 250);
    private static final OrderValue ORDER = new OrderValue(
        true, 1_700_000_000_123L, (byte)-3, (short)-300, 'B', -70_000, 0.25f, 4.125, -123_456_789L,
        Order.State.CANCELLED, "VOD.L", "Grüße, 世界 🌍", BytesValue.of(new byte[16]), VENUE,
        BytesValue.of((byte)1, (byte)2), BytesValue.of((byte)0xCA, (byte)0xFE, (byte)0x01));

    @RegisterExtension
    final RecordFixture memory = new RecordFixture();

    @Test
    void shouldReadBackEveryKindOfField()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE).set(ORDER);

        assertTrue(order.live());
        assertEquals(1_700_000_000_123L, order.time());
        assertEquals(-3, order.flags());
        assertEquals(-300, order.lots());
        assertEquals('B', order.side());
        assertEquals(-70_000, order.quantity());
        assertEquals(0.25f, order.weight());
        assertEquals(4.125, order.yield());
        assertEquals(-123_456_789L, order.price());
        assertSame(Order.State.CANCELLED, order.state());
        assertEquals("VOD.L", order.symbol().toString());
        assertEquals("Grüße, 世界 🌍", order.note().toString());
        assertEquals(16, order.id().length());
        assertEquals("XLON", order.venue().mic().toString());
        assertEquals(250, order.venue().latency());
        assertEquals(2, order.head().byteAt(1));
        assertEquals((byte)0xFE, order.body().byteAt(1));
        assertEquals(ORDER, order.toValue());
        assertSame(ORDER, OrderValue.copyOf(ORDER));
    }

    @Test
    void shouldDescribeContentTheSameInFlyweightAndValue()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE).set(ORDER);

        assertEquals("Order[live=true, time=1700000000123, flags=-3, lots=-300, side=B, quantity=-70000, " +
            "weight=0.25, yield=4.125, price=-1.23456789, state=CANCELLED, symbol=VOD.L, note=Grüße, 世界 🌍, " +
            "id=0x00000000000000000000000000000000, " +
            "venue=Venue[mic=XLON, latency=250], head=0x0102, body=0xcafe01]", order.toString());
        assertEquals(ORDER.toString(), order.toString());
        assertEquals("Order[on no record]", new OrderFlyweight().toString());
    }

    @Test
    void shouldOfferTheTypeOfTheRecord()
    {
        final RecordType<Order, OrderFlyweight> type = OrderFlyweight.TYPE;

        assertEquals("order-v1", type.name());
        assertEquals(OrderFlyweight.BLOCK_LENGTH, type.blockLength());
        assertEquals(416 + 64 + 1000, type.maxLength());
        assertFalse(type.fixedLength());
        assertEquals("time", type.eventTime().name());
        assertEquals(List.of("live", "time", "flags"), type.fields().stream().limit(3).map(RecordField::name).toList());
        assertSame(type, type.newFlyweight().type());
        assertEquals(416, type.newFlyweight().blockLength());
        assertEquals("Venue{mic:ASCII(4)@0+5,latency:INT@8+4}16/16", VenueFlyweight.TYPE.schema());
        assertTrue(type.schema().contains(
            "state:ENUM(NEW|FILLED|CANCELLED)@48+1,symbol:ASCII(12)@49+13,note:UTF8(300)@62+302,id:BYTES(16)@364+16," +
                "venue:RECORD(Venue{mic:ASCII(4)@0+5,latency:INT@8+4}16/16)@384+16,head:VAR_BYTES(64)@400+8"),
                type.schema());
    }

    @Test
    void shouldBeEqualByContent()
    {
        final OrderFlyweight first = memory.newRecord(OrderFlyweight.TYPE).set(ORDER);
        final OrderFlyweight second = memory.newRecord(OrderFlyweight.TYPE).set(ORDER);

        assertEquals(first, second);
        assertEquals(first.hashCode(), second.hashCode());
        assertEquals(first.encodedLength(), second.encodedLength());
        assertTrue(FieldCodec.equal(first.address(), second.address(), first.encodedLength()));

        second.venue().latency(251);
        assertNotEquals(first, second);
        second.venue(VENUE);
        assertEquals(first, second);
        second.body(BytesValue.of((byte)0xCA, (byte)0xFE, (byte)0x02));
        assertNotEquals(first, second);
        assertNotEquals(first, new OrderFlyweight());
        assertEquals(new OrderFlyweight(), new OrderFlyweight());
        assertEquals(0, new OrderFlyweight().hashCode());
        assertNotEquals(first, ORDER);
    }

    @Test
    void shouldBeEqualBytesWhateverWasThereBefore()
    {
        final OrderFlyweight first = memory.newRecord(OrderFlyweight.TYPE);
        first.symbol("LONGER.NAME").note("a much longer note").body(new byte[100], 0, 100).head(new byte[10], 0, 10);
        first.set(ORDER);
        final OrderFlyweight second = memory.newRecord(OrderFlyweight.TYPE);
        second.body(ORDER.body()).head(ORDER.head()).set(ORDER);

        assertTrue(FieldCodec.equal(first.address(), second.address(), first.encodedLength()));
    }

    @Test
    void shouldCopyFromAnotherFlyweight()
    {
        final OrderFlyweight first = memory.newRecord(OrderFlyweight.TYPE).set(ORDER);
        final OrderFlyweight second = memory.newRecord(OrderFlyweight.TYPE).body(new byte[500], 0, 500);

        assertSame(second, second.set(first));
        assertEquals(first, second);
        assertEquals(OrderFlyweight.BLOCK_LENGTH + 5, second.encodedLength());
    }

    @Test
    void shouldCopyFieldsFromAnotherFlyweight()
    {
        final OrderFlyweight first = memory.newRecord(OrderFlyweight.TYPE).set(ORDER);
        final OrderFlyweight second = memory.newRecord(OrderFlyweight.TYPE);

        second.live(first.live()).time(first.time()).flags(first.flags()).lots(first.lots()).side(first.side())
            .quantity(first.quantity()).weight(first.weight()).yield(first.yield()).price(first.price())
            .state(first.state()).symbol(first.symbol()).note(first.note()).id(first.id()).venue(first.venue())
            .head(first.head()).body(first.body());

        assertEquals(first, second);
    }

    @Test
    void shouldKeepVariableBytesInOrderWhenTheyAreRewritten()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE);
        order.body(new byte[] {4, 5, 6}, 1, 2);
        order.head(new byte[] {1, 2, 3}, 0, 3);
        assertEquals("[head=0x010203, body=0x0506]", variable(order));
        assertEquals(OrderFlyweight.BLOCK_LENGTH + 5, order.encodedLength());

        order.head(new byte[] {9}, 0, 1);
        assertEquals("[head=0x09, body=0x0506]", variable(order));
        order.head(order.body());
        assertEquals("[head=0x0506, body=0x0506]", variable(order));
        order.body(order.body());
        assertEquals("[head=0x0506, body=0x0506]", variable(order));
        order.head(new byte[0], 0, 0);
        assertEquals("[head=0x, body=0x0506]", variable(order));
        assertEquals(OrderFlyweight.BLOCK_LENGTH + 2, order.encodedLength());
        assertEquals(0, Memory.getLong(order.address() + OrderFlyweight.HEAD_OFFSET));
    }

    private static String variable(final OrderFlyweight order)
    {
        return "[head=" + order.head() + ", body=" + order.body() + ']';
    }

    @Test
    void shouldRefuseWhatDoesNotFit()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE).set(ORDER);

        assertRefused("symbol=\"ABCDEFGHIJKLM\" has 13 characters, @Ascii(12) allows 12: shorten it, " +
            "or declare the field with a larger bound", () -> order.symbol("ABCDEFGHIJKLM"));
        assertRefused("note=\"" + "x".repeat(64) + "...\" has 301 bytes of UTF-8, @Utf8(300) allows 300: shorten it, " +
            "or declare the field with a larger bound", () -> order.note("x".repeat(301)));
        assertRefused("note has half a surrogate pair at index=1 of 2: text was cut within a character, cut it " +
            "between two", () -> order.note("a\uD83D"));
        assertRefused("id has 3 bytes, @FixedBytes(16) takes exactly 16: pad the value, or declare the field @VarBytes",
            () -> order.id(new byte[3], 0, 3));
        assertRefused("id has 2 bytes, @FixedBytes(16) takes exactly 16: pad the value, or declare the field @VarBytes",
            () -> order.id(order.head()));
        assertRefused("head has 65 bytes, @VarBytes(64) allows 64: shorten it, or declare the field with a larger " +
            "bound", () -> order.head(new byte[65], 0, 65));
        assertThrows(IndexOutOfBoundsException.class, () -> order.head(new byte[2], 1, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> order.id(new byte[16], 1, 16));
        assertThrows(NullPointerException.class, () -> order.symbol(null));
        assertThrows(NullPointerException.class, () -> order.state(null));
        assertEquals(ORDER, order.toValue(), "a refused value changes nothing");

        assertRefused("symbol=\"a\u00e9b\" has the character U+00E9 at index=1, @Ascii allows U+0000 to U+007F: " +
            "declare the field @Utf8", () -> order.symbol("a\u00e9b"));
        assertEquals("", order.symbol().toString());
    }

    private static void assertRefused(final String message, final Runnable write)
    {
        assertEquals(message, assertThrows(IllegalArgumentException.class, write::run).getMessage());
    }

    @Test
    void shouldRefuseNullInAValue()
    {
        assertEquals("mic", assertThrows(NullPointerException.class, () -> new VenueValue(null, 1)).getMessage());
    }

    @Test
    void shouldRefuseASpanShorterThanTheBlock()
    {
        final long address = memory.allocate(64);
        final TradeFlyweight trade = new TradeFlyweight();

        assertEquals("length=32 is shorter than blockLength=40 of record=Trade: " +
            "the record was written with an older or another schema",
            assertThrows(IllegalStateException.class, () -> trade.wrap(address, 32)).getMessage());
    }

    @Test
    void shouldClearTheBlock()
    {
        final TradeFlyweight trade = memory.newRecord(TradeFlyweight.TYPE).time(1).symbol("A").price(2).size(3);
        assertEquals(6, trade.notional());

        trade.clear();

        for (int i = 0; i < TradeFlyweight.BLOCK_LENGTH; i++)
        {
            assertEquals(0, Memory.getByte(trade.address() + i));
        }
        assertEquals(40, trade.encodedLength());
    }

    @Test
    void shouldViewTextAsCharacters()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE).set(ORDER);

        for (final TextView text : List.of(order.symbol(), order.note()))
        {
            final String string = text.toString();
            assertEquals(string.length(), text.length());
            assertEquals(string.charAt(3), text.charAt(3));
            assertEquals(string.substring(1, 4), text.subSequence(1, 4));
            assertTrue(text.contentEquals(string));
            assertFalse(text.contentEquals(string + " "));
            assertFalse(text.contentEquals("VOD.M"));
            assertThrows(IndexOutOfBoundsException.class, () -> text.charAt(string.length()));
            assertThrows(IndexOutOfBoundsException.class, () -> text.charAt(-1));
        }
        order.note(order.symbol());
        assertTrue(order.note().contentEquals(order.symbol()));
        order.symbol("X").symbol(order.note());
        assertEquals("VOD.L", order.symbol().toString());
    }

    @Test
    void shouldViewBytes()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE).set(ORDER);
        final byte[] copy = new byte[5];

        order.body().copyTo(copy, 1);

        assertEquals(BytesValue.of((byte)0, (byte)0xCA, (byte)0xFE, (byte)1, (byte)0), BytesValue.of(copy));
        assertTrue(order.body().contentEquals(ORDER.body()));
        assertFalse(order.body().contentEquals(order.head()));
        assertThrows(IndexOutOfBoundsException.class, () -> order.body().byteAt(3));
        assertThrows(IndexOutOfBoundsException.class, () -> order.body().copyTo(copy, 3));
    }

    @Test
    void shouldKeepAValueApartFromItsSource()
    {
        final byte[] source = {1, 2, 3};
        final BytesValue value = BytesValue.of(source);
        source[0] = 9;
        value.toArray()[1] = 9;

        assertEquals(BytesValue.of((byte)1, (byte)2, (byte)3), value);
        assertEquals("0x010203", value.toString());
    }
}
