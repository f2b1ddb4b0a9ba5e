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

import io.millrace.memory.DebugMode;
import io.millrace.memory.Memory;
import io.millrace.memory.record.AsciiView;
import io.millrace.memory.record.ByteView;
import io.millrace.memory.record.BytesView;
import io.millrace.memory.record.FieldCodec;
import io.millrace.memory.record.FieldKind;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.RecordField;
import io.millrace.memory.record.RecordType;
import io.millrace.memory.record.Utf8View;
import io.millrace.memory.record.VarBytesCodec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes {@code TradeFlyweight}: the view of a record, its writer and its type. */
final class FlyweightWriter
{
    private final RecordModel model;
    private final SourceWriter out;
    private final String view;
    private final String flyweight;
    private final String value;
    private final String debugMode;
    private final String codec;
    private final String varCodec;
    private final String override;

    FlyweightWriter(final RecordModel model)
    {
        this.model = model;
        out = new SourceWriter(model.packageName(), model.shadowing());
        view = out.name(model.type());
        flyweight = out.name(model.qualified(model.flyweightName()));
        value = out.name(model.qualified(model.valueName()));
        model.fields().forEach(this::typeName);
        debugMode = out.name(DebugMode.class);
        codec = out.name(FieldCodec.class);
        varCodec = model.variableFields().isEmpty() ? "" : out.name(VarBytesCodec.class);
        override = "@" + out.name(Override.class);
    }

    String source()
    {
        classHeader();
        constants();
        instanceFields();
        constructor();
        for (final FieldModel field : model.fields())
        {
            getter(field);
            setters(field);
        }
        setFromView();
        toValue();
        descriptionMethods();
        equality();
        sameContent();
        hash();
        text();
        describe();
        out.close();
        return out.source();
    }

    private void classHeader()
    {
        out.line("/**");
        out.line(" * A view of one {@link ", view, "} in off-heap memory, and its writer.");
        out.line(" * <pre>");
        out.line(" *   offset  length  field");
        for (final FieldModel field : model.fields())
        {
            out.line(" * ", String.format(Locale.ROOT, "%8d%8d  %s: %s%s", field.offset(), field.length(), field.name(),
                field.form(), field.eventTime() ? ", event time" : ""));
        }
        out.line(" * ", String.format(Locale.ROOT, "%8d", model.blockLength()), model.variableFields().isEmpty() ? "" :
            "          the variable bytes, in the order of their fields");
        out.line(" * </pre>");
        out.line(" */");
        annotations();
        out.open(model.visible() ? "public " : "", "final class ", flyweight, " extends ", out.name(Flyweight.class),
            " implements ", view);
    }

    private void annotations()
    {
        annotations(model, out);
    }

    static void annotations(final RecordModel model, final SourceWriter out)
    {
        if (model.annotated())
        {
            final String generated = out.name("javax.annotation.processing.Generated");
            out.line("@", generated, "(\"", RecordProcessor.class.getName(), "\")");
        }
        if (model.deprecated())
        {
            out.line("@", out.name(SuppressWarnings.class), "({\"deprecation\", \"removal\"})");
        }
    }

    private void constants()
    {
        for (final FieldModel field : model.fields())
        {
            constant("Offset of {@code " + field.name() + "}.", field.offsetName(), field.offset());
            if (field.bounded())
            {
                constant((field.text() ? "Bound of {@code " : "Bound, in bytes, of {@code ") + field.name() + "}.",
                    field.boundName(), field.parameter());
            }
        }
        constant("Bytes of the fixed fields.", "BLOCK_LENGTH", model.blockLength());
        constant("The most bytes that a record takes.", "MAX_LENGTH", model.maxLength());
        if (model.fields().stream().anyMatch(
            field -> field.kind() == FieldKind.ENUM || field.kind() == FieldKind.VAR_BYTES))
        {
            out.line();
        }
        for (final FieldModel field : model.fields())
        {
            if (field.kind() == FieldKind.ENUM)
            {
                final String type = typeName(field);
                out.line("private static final ", type, "[] ", field.constantsName(), " = ", type, ".values();");
            }
        }
        if (!model.variableFields().isEmpty())
        {
            final List<String> offsets = model.variableFields().stream().map(FieldModel::offsetName).toList();
            out.line("private static final int[] VARIABLE_FIELDS = {", String.join(", ", offsets), "};");
        }
        typeConstant();
    }

    private void constant(final String comment, final String name, final int number)
    {
        out.line("/** ", comment, " */");
        out.line("public static final int ", name, " = ", Integer.toString(number), ";");
    }

    private void typeConstant()
    {
        final String field = out.name(RecordField.class);
        final String kind = out.name(FieldKind.class);
        out.line();
        out.line("/** What the record is made of. */");
        out.line("public static final ", typeOfRecord(), " TYPE = new ", out.name(RecordType.class), "<>(");
        out.indent();
        out.line("\"", model.recordName(), "\",");
        out.line("BLOCK_LENGTH,");
        out.line("MAX_LENGTH,");
        out.line(out.name(List.class), ".of(");
        out.indent();
        for (int i = 0; i < model.fields().size(); i++)
        {
            final FieldModel next = model.fields().get(i);
            final String parameter = next.bounded() ? next.boundName() : Integer.toString(next.parameter());
            final String arguments = String.join(", ", '"' + next.name() + '"', kind + '.' + next.kind(),
                next.offsetName(), Integer.toString(next.length()), parameter, Boolean.toString(next.eventTime()));
            out.line("new ", field, "(", arguments, detail(next), i == model.fields().size() - 1 ? "))," : "),");
        }
        out.outdent();
        out.line(flyweight, "::new);");
        out.outdent();
        out.line();
    }

    private String detail(final FieldModel field)
    {
        return switch (field.kind())
        {
            case ENUM -> ", \"" + String.join("|", FieldReader.constants(field.type())) + '"';
            case RECORD -> ", " + typeName(field) + ".TYPE.schema()";
            default -> "";
        };
    }

    private void instanceFields()
    {
        boolean any = false;
        for (final FieldModel field : model.fields())
        {
            if (field.viewed())
            {
                any = true;
                out.line("private final ", typeName(field), " ", field.viewName(), " = new ", typeName(field), "(",
                    field.kind() == FieldKind.RECORD ? "" : "this, \"" + field.name() + '"',
                    field.text() ? ", " + field.boundName() : "", ");");
            }
        }
        if (any)
        {
            out.line();
        }
    }

    private void constructor()
    {
        out.line("/** A flyweight that is on no record yet. */");
        out.open("public ", flyweight, "()");
        out.close();
    }

    private void getter(final FieldModel field)
    {
        out.line();
        out.line(override);
        out.open("public ", typeName(field), " ", field.name(), "()");
        checkAccess(field);
        final String place = "address + " + field.offsetName();
        switch (field.kind())
        {
            case BOOLEAN -> out.line("return ", memory(), ".getByte(", place, ") != 0;");
            case ENUM -> out.line("return ", field.constantsName(), "[", memory(), ".getByte(", place, ") & 0xFF];");
            case ASCII, UTF8 -> out.line("return ", field.viewName(), ".wrap(", place, ");");
            case BYTES -> out.line("return ", field.viewName(), ".wrap(", place, ", ", field.boundName(), ");");
            case VAR_BYTES ->
                out.line("return ", field.viewName(), ".wrapVariable(address, ", field.offsetName(), ");");
            case RECORD ->
            {
                out.line("wrapField(", field.viewName(), ", ", field.offsetName(), ");");
                out.line("return ", field.viewName(), ";");
            }
            default -> out.line("return ", memory(), ".get", accessor(field), "(", place, ");");
        }
        out.close();
    }

    private void setters(final FieldModel field)
    {
        final String place = "address + " + field.offsetName();
        final String name = "\"" + field.name() + '"';
        switch (field.kind())
        {
            case BOOLEAN -> setter(field, "boolean", "", memory() + ".putByte(" + place + ", (byte)(value ? 1 : 0));");
            case ENUM ->
                setter(field, typeName(field), "", memory() + ".putByte(" + place + ", (byte)value.ordinal());");
            case ASCII, UTF8 ->
            {
                final String put = codec + (field.kind() == FieldKind.ASCII ? ".putAscii(" : ".putUtf8(");
                setter(field, out.name(CharSequence.class), "",
                    put + place + ", " + field.boundName() + ", value, " + name + ");");
            }
            case RECORD -> setter(field, out.name(field.nested().type()), "", field.name() + "().set(value);");
            case BYTES ->
            {
                final String put = codec + ".putBytes(" + place + ", " + field.boundName() + ", ";
                setter(field, out.name(ByteView.class), "", put + "value, " + name + ");");
                arraySetter(field, "", put + "source, offset, length, " + name + ");");
            }
            case VAR_BYTES ->
            {
                final String put = varCodec + ".put(address, BLOCK_LENGTH, VARIABLE_FIELDS, " +
                    field.offsetName() + ", " + field.boundName() + ", ";
                final String span = "checkSpan(" + name + ", encodedLength() - " + varCodec + ".length(address, " +
                    field.offsetName() + ") + ";
                setter(field, out.name(ByteView.class), span + "value.length());", put + "value, " + name + ");");
                arraySetter(field, span + "length);", put + "source, offset, length, " + name + ");");
            }
            default ->
                setter(field, typeName(field), "", memory() + ".put" + accessor(field) + "(" + place + ", value);");
        }
    }

    private void setter(final FieldModel field, final String type, final String check, final String statement)
    {
        setterDoc(field, " * @param value to write");
        out.open("public ", flyweight, " ", field.name(), "(final ", type, " value)");
        if (field.kind() != FieldKind.RECORD)
        {
            checkAccess(field, check);
        }
        out.line(statement);
        out.line("return this;");
        out.close();
    }

    private void arraySetter(final FieldModel field, final String check, final String statement)
    {
        setterDoc(field, " * @param source array to read from", " * @param offset of the first byte in the array",
            " * @param length in bytes");
        out.open("public ", flyweight, " ", field.name(), "(final byte[] source, final int offset, final int length)");
        checkAccess(field, check);
        out.line(statement);
        out.line("return this;");
        out.close();
    }

    private void setterDoc(final FieldModel field, final String... parameters)
    {
        out.line();
        out.line("/**");
        out.line(" * Writes {@code ", field.name(), "}.");
        out.line(" *");
        for (final String parameter : parameters)
        {
            out.line(parameter);
        }
        out.line(" * @return this");
        out.line(" */");
    }

    private void checkAccess(final FieldModel field, final String... checks)
    {
        out.open("if (", debugMode, ".ENABLED)");
        out.line("checkAccess(\"", field.name(), "\");");
        for (final String check : checks)
        {
            if (!check.isEmpty())
            {
                out.line(check);
            }
        }
        out.close();
    }

    private void setFromView()
    {
        out.line();
        out.line("/**");
        out.line(" * Writes all fields. From another flyweight it copies the bytes.");
        out.line(" *");
        out.line(" * @param other to read from");
        out.line(" * @return this");
        out.line(" */");
        out.open("public ", flyweight, " set(final ", view, " other)");
        out.open("if (other instanceof ", flyweight, " that)");
        out.open("if (", debugMode, ".ENABLED)");
        out.line("checkAccess(\"set\");");
        out.line("that.checkAccess(\"set\");");
        if (!model.variableFields().isEmpty())
        {
            out.line("checkSpan(\"set\", that.encodedLength());");
        }
        out.close();
        out.line(codec, ".copy(that.address, address, ", model.variableFields().isEmpty() ? "BLOCK_LENGTH" :
            "that.encodedLength()", ");");
        out.line("return this;");
        out.close();
        if (!model.variableFields().isEmpty())
        {
            out.line("clear();");
        }
        final List<FieldModel> fields = model.fields();
        for (int i = 0; i < fields.size(); i++)
        {
            final String name = fields.get(i).name();
            final String end = i == fields.size() - 1 ? ";" : "";
            out.line(i == 0 ? "return this." : "    .", name, "(other.", name, "())", end);
        }
        out.close();
    }

    private void toValue()
    {
        out.line();
        out.line("/**");
        out.line(" * @return a copy to keep");
        out.line(" */");
        out.open("public ", value, " toValue()");
        out.line("return ", value, ".copyOf(this);");
        out.close();
    }

    private void descriptionMethods()
    {
        out.line();
        out.line(override);
        out.open("public int blockLength()");
        out.line("return BLOCK_LENGTH;");
        out.close();
        if (!model.variableFields().isEmpty())
        {
            out.line();
            out.line(override);
            out.open("public int encodedLength()");
            out.line("return ", varCodec, ".encodedLength(address, BLOCK_LENGTH, VARIABLE_FIELDS);");
            out.close();
        }
        out.line();
        out.line(override);
        out.open("public ", typeOfRecord(), " type()");
        out.line("return TYPE;");
        out.close();
    }

    private void equality()
    {
        out.line();
        out.line("/**");
        out.line(" * @param other anything");
        out.line(" * @return true for a flyweight of this type on a record with the same content");
        out.line(" */");
        out.line(override);
        out.open("public boolean equals(final ", out.name(Object.class), " other)");
        out.line("return this == other || other instanceof ", flyweight, " that && sameContent(that);");
        out.close();
    }

    private void sameContent()
    {
        out.line();
        out.open("private boolean sameContent(final ", flyweight, " that)");
        final List<String> terms = new ArrayList<>();
        for (final FieldModel field : model.fields())
        {
            final String place = "address + " + field.offsetName();
            terms.add(switch (field.kind())
            {
                case RECORD -> field.name() + "().equals(that." + field.name() + "())";
                case VAR_BYTES -> varCodec + ".equal(address, that.address, " + field.offsetName() + ")";
                default -> codec + ".equal(" + place + ", that." + place + ", " + field.length() + ")";
            });
        }
        out.open("if (address == 0 || that.address == 0)");
        out.line("return address == that.address;");
        out.close();
        for (int i = 0; i < terms.size(); i++)
        {
            out.line(i == 0 ? "return " : "    ", terms.get(i), i == terms.size() - 1 ? ";" : " &&");
        }
        out.close();
    }

    private void hash()
    {
        out.line();
        out.line(override);
        out.open("public int hashCode()");
        out.open("if (address == 0)");
        out.line("return 0;");
        out.close();
        out.line("int hash = 1;");
        for (final FieldModel field : model.fields())
        {
            out.line("hash = ", switch (field.kind())
            {
                case RECORD -> "31 * hash + " + field.name() + "().hashCode()";
                case VAR_BYTES -> varCodec + ".hash(hash, address, " + field.offsetName() + ")";
                default -> codec + ".hash(hash, address + " + field.offsetName() + ", " + field.length() + ")";
            }, ";");
        }
        out.line("return hash;");
        out.close();
    }

    private void text()
    {
        out.line();
        out.line(override);
        out.open("public ", out.name(String.class), " toString()");
        out.line("return address == 0 ? \"", model.simpleName(), "[on no record]\" : describe(this);");
        out.close();
    }

    private void describe()
    {
        out.line();
        out.open("static ", out.name(String.class), " describe(final ", view, " record)");
        final String builder = out.name(StringBuilder.class);
        out.line("final ", builder, " text = new ", builder, "(\"", model.simpleName(), "[\");");
        for (int i = 0; i < model.fields().size(); i++)
        {
            final FieldModel field = model.fields().get(i);
            final String label = "text.append(\"" + (i == 0 ? "" : ", ") + field.name() + "=\")";
            final String get = "record." + field.name() + "()";
            out.line(switch (field.kind())
            {
                case DECIMAL -> codec + ".appendDecimal(" + label + ", " + get + ", " + field.parameter() + ");";
                case BYTES, VAR_BYTES -> codec + ".appendBytes(" + label + ", " + get + ");";
                default -> label + ".append(" + get + ");";
            });
        }
        out.line("return text.append(']').toString();");
        out.close();
    }

    private String memory()
    {
        return out.name(Memory.class);
    }

    private String typeOfRecord()
    {
        return out.name(RecordType.class) + '<' + view + ", " + flyweight + '>';
    }

    /** What the flyweight's getter returns: for text, bytes and records more specific than what the interface says. */
    private String typeName(final FieldModel field)
    {
        return switch (field.kind())
        {
            case DECIMAL -> "long";
            case ENUM -> out.name(field.type());
            case ASCII -> out.name(AsciiView.class);
            case UTF8 -> out.name(Utf8View.class);
            case BYTES, VAR_BYTES -> out.name(BytesView.class);
            case RECORD -> out.name(field.nested().qualified(field.nested().flyweightName()));
            default -> field.kind().name().toLowerCase(Locale.ROOT);
        };
    }

    private static String accessor(final FieldModel field)
    {
        return switch (field.kind())
        {
            case DECIMAL -> "Long";
            case BYTE -> "Byte";
            case SHORT -> "Short";
            case CHAR -> "Char";
            case INT -> "Int";
            case LONG -> "Long";
            case FLOAT -> "Float";
            case DOUBLE -> "Double";
            default -> throw new IllegalArgumentException("field=" + field.name() + " of kind=" + field.kind() +
                " is not read by one accessor");
        };
    }
}
