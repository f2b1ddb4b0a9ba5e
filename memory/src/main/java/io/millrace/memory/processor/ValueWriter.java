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

import io.millrace.memory.record.BytesValue;
import io.millrace.memory.record.FieldKind;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Writes {@code TradeValue}: a Java record with the content of one. */
final class ValueWriter
{
    private final RecordModel model;
    private final SourceWriter out;
    private final String view;
    private final String flyweight;
    private final String value;

    ValueWriter(final RecordModel model)
    {
        this.model = model;
        out = new SourceWriter(model.packageName(), model.shadowing());
        view = out.name(model.type());
        flyweight = out.name(model.qualified(model.flyweightName()));
        value = out.name(model.qualified(model.valueName()));
        model.fields().forEach(this::typeName);
    }

    String source()
    {
        header();
        constructor();
        copyOf();
        out.line();
        out.line("@", out.name(Override.class));
        out.open("public ", out.name(String.class), " toString()");
        out.line("return ", flyweight, ".describe(this);");
        out.close();
        out.close();
        return out.source();
    }

    private void header()
    {
        out.line("/**");
        out.line(" * The content of one {@link ", view, "}, to keep.");
        out.line(" *");
        for (final FieldModel field : model.fields())
        {
            out.line(" * @param ", field.name(), " ", field.form(), field.eventTime() ? ", event time" : "");
        }
        out.line(" */");
        FlyweightWriter.annotations(model, out);
        out.line(model.visible() ? "public " : "", "record ", value, "(");
        out.indent();
        final List<FieldModel> fields = model.fields();
        for (int i = 0; i < fields.size(); i++)
        {
            final String end = i == fields.size() - 1 ? ") implements " + view : ",";
            out.line(typeName(fields.get(i)), " ", fields.get(i).name(), end);
        }
        out.outdent();
        out.line("{");
        out.indent();
    }

    private void constructor()
    {
        final List<FieldModel> references = model.fields().stream()
            .filter(field -> field.viewed() || field.kind() == FieldKind.ENUM).toList();
        if (references.isEmpty())
        {
            return;
        }
        out.line("/** Checks that nothing is null. */");
        out.open("public ", value);
        for (final FieldModel field : references)
        {
            out.line(out.name(Objects.class), ".requireNonNull(", field.name(), ", \"", field.name(), "\");");
        }
        out.close();
        out.line();
    }

    private void copyOf()
    {
        out.line("/**");
        out.line(" * @param record to copy");
        out.line(" * @return its content");
        out.line(" */");
        out.open("public static ", value, " copyOf(final ", view, " record)");
        out.open("if (record instanceof ", value, " same)");
        out.line("return same;");
        out.close();
        out.line("return new ", value, "(");
        out.indent();
        final List<FieldModel> fields = model.fields();
        for (int i = 0; i < fields.size(); i++)
        {
            final FieldModel field = fields.get(i);
            final String get = "record." + field.name() + "()";
            out.line(field.text() ? get + ".toString()" : field.bytes() || field.kind() == FieldKind.RECORD ?
                typeName(field) + ".copyOf(" + get + ')' : get, i == fields.size() - 1 ? ");" : ",");
        }
        out.outdent();
        out.close();
    }

    private String typeName(final FieldModel field)
    {
        return switch (field.kind())
        {
            case DECIMAL -> "long";
            case ENUM -> out.name(field.type());
            case ASCII, UTF8 -> out.name(String.class);
            case BYTES, VAR_BYTES -> out.name(BytesValue.class);
            case RECORD -> out.name(field.nested().qualified(field.nested().valueName()));
            default -> field.kind().name().toLowerCase(Locale.ROOT);
        };
    }
}
