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

import io.millrace.memory.DebugMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What debug mode catches: access through a view whose time is over. */
class DebugModeTest
{
    @RegisterExtension
    final RecordFixture memory = new RecordFixture();

    @BeforeEach
    void beforeEach()
    {
        assumeTrue(DebugMode.ENABLED, "needs -Dmillrace.debug=true");
    }

    @Test
    void shouldRefuseAccessBeforeTheFirstRecord()
    {
        assertFails("field=price of record=Trade accessed before the view was set on a record: wrap it first",
            () -> new TradeFlyweight().price());
        assertFails("field=clear of record=Trade accessed before the view was set on a record: wrap it first",
            () -> new TradeFlyweight().clear());
    }

    @Test
    void shouldNameFieldAndOperatorOfALateAccess()
    {
        final TradeFlyweight trade = memory.newRecord(TradeFlyweight.TYPE);
        final AsciiView symbol = trade.symbol("A").symbol();
        trade.release("vwap");

        final String late = " of record=Trade accessed after the callback returned: operator=vwap: " +
            "a view is valid only during the callback, keep a copy made with toValue()";
        assertFails("field=price" + late, trade::price);
        assertFails("field=size" + late, () -> trade.size(1));
        assertFails("field=symbol" + late, trade::symbol);
        assertFails("field=symbol" + late, symbol::length);
        assertFails("field=symbol" + late, symbol::toString);
        assertFails("field=set" + late, () -> memory.newRecord(TradeFlyweight.TYPE).set(trade));
    }

    @Test
    void shouldNoticeLateAccessToAFieldsView()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE).note("n").body(new byte[1], 0, 1);
        final Utf8View note = order.note();
        final BytesView body = order.body();
        final VenueFlyweight venue = order.venue().mic("XLON");
        final AsciiView mic = venue.mic();
        assertEquals("XLON", mic.toString());
        assertEquals(mic, order.venue().mic(), "the same view, and still valid");
        assertEquals(4, mic.length());
        order.release("join");

        final String late = " accessed after the callback returned: operator=join: " +
            "a view is valid only during the callback, keep a copy made with toValue()";
        assertFails("field=note of record=order-v1" + late, note::length);
        assertFails("field=body of record=order-v1" + late, () -> body.byteAt(0));
        assertFails("field=latency of record=order-v1" + late, venue::latency);
        assertFails("field=mic of record=order-v1" + late, mic::toString);
    }

    @Test
    void shouldNoticeAViewOfAnEarlierRecord()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE).symbol("A");
        final AsciiView symbol = order.symbol();
        final VenueFlyweight venue = order.venue();

        order.wrap(order.address(), order.encodedLength());

        final String earlier = " of record=order-v1 accessed through a view of an earlier record: " +
            "take the view again after the flyweight has moved, or keep a copy";
        assertFails("field=symbol" + earlier, symbol::length);
        assertFails("field=latency" + earlier, venue::latency);
        assertEquals("A", order.symbol().toString());
        assertEquals(0, order.venue().latency());
    }

    @Test
    void shouldRefuseToOutgrowTheSpan()
    {
        final OrderFlyweight order = memory.newRecord(OrderFlyweight.TYPE).body(new byte[4], 0, 4);
        order.wrap(order.address(), order.encodedLength());

        order.body(new byte[3], 0, 3);
        assertFails("field=body of record=order-v1 needs encodedLength=424, the record was wrapped with length=420: " +
            "wrap it with maxLength=1480 bytes to write it", () -> order.body(new byte[8], 0, 8));
        assertFails("field=set of record=order-v1 needs encodedLength=424, the record was wrapped with length=420: " +
            "wrap it with maxLength=1480 bytes to write it",
            () -> order.set(memory.newRecord(OrderFlyweight.TYPE).head(new byte[8], 0, 8)));
    }

    private static void assertFails(final String message, final Runnable access)
    {
        assertEquals(message, assertThrows(IllegalStateException.class, access::run).getMessage());
    }
}
