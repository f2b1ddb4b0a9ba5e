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

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an interface as the schema, and the read-only view, of an off-heap record. For {@code interface Trade} the
 * processor writes {@code TradeFlyweight} (getters, fluent setters, {@code TYPE}) and {@code TradeValue}, a Java record
 * for who must keep one, both in the package of the interface.
 * <p>
 * Each abstract method is a field: a primitive, a {@link Decimal} long, an enum, {@link Ascii} or {@link Utf8} text,
 * {@link FixedBytes} or {@link VarBytes}, or another record, which is laid out inline. Fields of superinterfaces come
 * first. Default and static methods are left alone. {@link FieldDescriptor} has the layout. A later version may append
 * fields, and constants to an enum; everything else makes records that were stored unreadable, which
 * {@link RecordType#checkReadable} reports.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface OffHeapRecord
{
    /**
     * @return stable name of the type in snapshots and journals; the interface's simple name when empty
     */
    String name() default "";
}
