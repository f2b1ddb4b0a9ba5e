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
package io.millrace.samples.fraud;

import org.junit.jupiter.api.Test;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FraudSampleTest
{
    private static final Comparator<AlertValue> ORDER =
        Comparator.comparingLong(AlertValue::distantTime).thenComparing(AlertValue::largeTime);

    @Test
    void shouldFindWhatALoopFinds() throws InterruptedException
    {
        final List<PaymentValue> payments = FraudSample.payments();
        final Map<Long, List<PaymentValue>> byCard =
            payments.stream().collect(Collectors.groupingBy(PaymentValue::card));
        final List<AlertValue> expected = byCard.values().stream()
            .flatMap(card -> IntStream.range(0, card.size())
                .filter(i -> card.get(i).amount() >= FraudSample.LARGE)
                .boxed()
                .flatMap(i -> card.subList(i + 1, card.size()).stream()
                    .filter(payment -> kilometres(card.get(i), payment) >= FraudSample.DISTANT_KILOMETRES)
                    .limit(1)
                    .filter(payment -> payment.time() - card.get(i).time() < FraudSample.WITHIN.toMillis())
                    .map(payment -> new AlertValue(payment.card(), card.get(i).time(), payment.time(),
                        card.get(i).amount(), kilometres(card.get(i), payment)))))
            .sorted(ORDER)
            .toList();
        assertTrue(expected.size() > 10, () -> "alerts=" + expected);

        assertEquals(expected, FraudSample.alerts(payments).stream().sorted(ORDER).toList());
    }

    @Test
    void shouldMeasureAlongTheSurface()
    {
        final PaymentValue london = new PaymentValue(0, 0, 0, 51.51, -0.13);
        final PaymentValue paris = new PaymentValue(0, 0, 0, 48.86, 2.35);

        assertEquals(344, kilometres(london, paris), 1);
    }

    private static double kilometres(final Payment one, final Payment other)
    {
        return FraudSample.kilometres(one, other);
    }
}
