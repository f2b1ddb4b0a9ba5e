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
package io.millrace.memory.processor;

import io.millrace.memory.record.FieldKind;

import javax.lang.model.element.TypeElement;
import java.util.Locale;

/**
 * A field as declared, laid out.
 *
 * @param name      of the method
 * @param kind      how its bytes are read
 * @param parameter decimals or bound, 0 for others
 * @param eventTime true for the field that a source takes event time from
 * @param offset    of the first byte in the record
 * @param length    in bytes, of the fixed part
 * @param type      the enum, null for other kinds
 * @param nested    the nested record, null for other kinds
 */
record FieldModel(
    String name,
    FieldKind kind,
    int parameter,
    boolean eventTime,
    int offset,
    int length,
    TypeElement type,
    RecordModel nested)
{
    FieldModel at(final int newOffset, final int newLength)
    {
        return new FieldModel(name, kind, parameter, eventTime, newOffset, newLength, type, nested);
    }

    boolean text()
    {
        return kind == FieldKind.ASCII || kind == FieldKind.UTF8;
    }

    boolean bytes()
    {
        return kind == FieldKind.BYTES || kind == FieldKind.VAR_BYTES;
    }

    /** True when the flyweight holds an object that views the field. */
    boolean viewed()
    {
        return text() || bytes() || kind == FieldKind.RECORD;
    }

    boolean bounded()
    {
        return text() || bytes();
    }

    String viewName()
    {
        return name + "View";
    }

    String offsetName()
    {
        return constantName(name) + "_OFFSET";
    }

    String boundName()
    {
        return constantName(name) + "_BOUND";
    }

    String constantsName()
    {
        return constantName(name) + "_CONSTANTS";
    }

    /** As the schema shows it: {@code ASCII(12)}. */
    String form()
    {
        return switch (kind)
        {
            case ENUM -> "ENUM(" + type.getSimpleName() + ')';
            case RECORD -> "RECORD(" + nested.recordName() + ')';
            default -> parameter == 0 ? kind.name() : kind + "(" + parameter + ')';
        };
    }

    static String constantName(final String name)
    {
        return name
            .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
            .toUpperCase(Locale.ROOT);
    }
}
