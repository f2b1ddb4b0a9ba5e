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

import io.millrace.memory.record.Ascii;
import io.millrace.memory.record.ByteView;
import io.millrace.memory.record.Decimal;
import io.millrace.memory.record.EventTime;
import io.millrace.memory.record.FieldDescriptor;
import io.millrace.memory.record.FieldKind;
import io.millrace.memory.record.FixedBytes;
import io.millrace.memory.record.OffHeapRecord;
import io.millrace.memory.record.Utf8;
import io.millrace.memory.record.VarBytes;

import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads one method of a record as a field, without an offset yet. Errors are {@link InvalidFieldException}s. */
final class FieldReader
{
    private static final String ALLOWED = "a primitive, @Decimal(n) long, an enum, @Ascii(n) or @Utf8(n) " +
        "CharSequence, @FixedBytes(n) or @VarBytes(n) ByteView, or another @OffHeapRecord interface";
    private static final Map<String, String> REMEDIES = Map.of(
        "java.lang.String", "use @Ascii(n) or @Utf8(n) CharSequence",
        "java.math.BigDecimal", "use @Decimal(n) long",
        "byte[]", "use @FixedBytes(n) or @VarBytes(n) ByteView",
        "java.time.Instant", "use a long in the pipeline's time unit",
        "java.util.UUID", "use two longs, or @FixedBytes(16) ByteView");
    private static final List<Class<? extends Annotation>> ANNOTATIONS = List.of(
        Decimal.class, Ascii.class, Utf8.class, FixedBytes.class, VarBytes.class);

    private final SchemaReader records;

    FieldReader(final SchemaReader records)
    {
        this.records = records;
    }

    FieldModel read(final ExecutableElement method, final TypeMirror type)
    {
        final String name = method.getSimpleName().toString();
        checkSignature(method, type, name);
        final FieldModel field = field(method, type, name);
        checkAnnotations(method, field);
        return field;
    }

    private static void checkSignature(final ExecutableElement method, final TypeMirror type, final String name)
    {
        if (!method.getTypeParameters().isEmpty())
        {
            throw new InvalidFieldException("field=" + name + " has type parameters: a field is an abstract method " +
                "without them");
        }
        if (!method.getParameters().isEmpty())
        {
            throw new InvalidFieldException("method=" + method + " has parameters: a field is an abstract method " +
                "without them, make anything else a default method");
        }
        if (type.getKind() == TypeKind.VOID)
        {
            throw new InvalidFieldException("field=" + name + " is void: a field is " + ALLOWED);
        }
        ReservedNames.check(name);
    }

    private FieldModel field(final ExecutableElement method, final TypeMirror type, final String name)
    {
        final boolean eventTime = method.getAnnotation(EventTime.class) != null;
        if (type.getKind().isPrimitive())
        {
            final Decimal decimal = method.getAnnotation(Decimal.class);
            final boolean scaled = decimal != null && type.getKind() == TypeKind.LONG;
            final FieldKind kind = scaled ? FieldKind.DECIMAL : FieldKind.valueOf(type.getKind().name());
            return new FieldModel(name, kind, scaled ? bound(name, Decimal.class, decimal.value(), 0,
                FieldDescriptor.MAX_DECIMALS) : 0, eventTime, 0, 0, null, null);
        }
        if (type.getKind() != TypeKind.DECLARED)
        {
            throw wrongType(name, type);
        }
        final TypeElement element = (TypeElement)((DeclaredType)type).asElement();
        if (element.getQualifiedName().contentEquals(CharSequence.class.getName()))
        {
            return text(method, name);
        }
        if (element.getQualifiedName().contentEquals(ByteView.class.getName()))
        {
            return bytes(method, name);
        }
        if (element.getKind() == ElementKind.ENUM)
        {
            checkEnum(name, element);
            return new FieldModel(name, FieldKind.ENUM, 0, eventTime, 0, 0, element, null);
        }
        if (element.getAnnotation(OffHeapRecord.class) != null)
        {
            return nested(name, element, eventTime);
        }
        throw wrongType(name, type);
    }

    private static FieldModel text(final ExecutableElement method, final String name)
    {
        final Ascii ascii = method.getAnnotation(Ascii.class);
        final Utf8 utf8 = method.getAnnotation(Utf8.class);
        if (ascii == null && utf8 == null)
        {
            throw new InvalidFieldException("field=" + name + " is a CharSequence without a bound: annotate it " +
                "@Ascii(n) or @Utf8(n), n from 1 to " + FieldDescriptor.MAX_BOUND);
        }
        final int bound = ascii != null ? bound(name, Ascii.class, ascii.value(), 1, FieldDescriptor.MAX_BOUND) :
            bound(name, Utf8.class, utf8.value(), 1, FieldDescriptor.MAX_BOUND);
        final boolean eventTime = method.getAnnotation(EventTime.class) != null;
        final FieldKind kind = ascii != null ? FieldKind.ASCII : FieldKind.UTF8;
        return new FieldModel(name, kind, bound, eventTime, 0, 0, null, null);
    }

    private static FieldModel bytes(final ExecutableElement method, final String name)
    {
        final FixedBytes fixed = method.getAnnotation(FixedBytes.class);
        final VarBytes variable = method.getAnnotation(VarBytes.class);
        if (fixed == null && variable == null)
        {
            throw new InvalidFieldException("field=" + name + " is a ByteView without a bound: annotate it " +
                "@FixedBytes(n), n from 1 to " +
                FieldDescriptor.MAX_BOUND + ", or @VarBytes(n), n from 1 to " + FieldDescriptor.MAX_VAR_BOUND);
        }
        final int bound = fixed != null ? bound(name, FixedBytes.class, fixed.value(), 1, FieldDescriptor.MAX_BOUND) :
            bound(name, VarBytes.class, variable.value(), 1, FieldDescriptor.MAX_VAR_BOUND);
        final boolean eventTime = method.getAnnotation(EventTime.class) != null;
        final FieldKind kind = fixed != null ? FieldKind.BYTES : FieldKind.VAR_BYTES;
        return new FieldModel(name, kind, bound, eventTime, 0, 0, null, null);
    }

    private FieldModel nested(final String name, final TypeElement element, final boolean eventTime)
    {
        final RecordModel record = records.read(element).orElseThrow(() -> new InvalidFieldException(
            "field=" + name + " is of record=" + element.getQualifiedName() +
            ", which has errors of its own: correct them first"));
        if (record.maxLength() != record.blockLength())
        {
            throw new InvalidFieldException("field=" + name + " is of record=" + element.getQualifiedName() +
                ", which has @VarBytes: a nested record has a fixed length, move the variable field to the outer " +
                "record");
        }
        return new FieldModel(name, FieldKind.RECORD, 0, eventTime, 0, 0, null, record);
    }

    private static void checkEnum(final String name, final TypeElement element)
    {
        final List<String> constants = constants(element);
        if (constants.isEmpty() || constants.size() > FieldDescriptor.MAX_CONSTANTS)
        {
            throw new InvalidFieldException("field=" + name + " is of enum=" + element.getQualifiedName() + " with " +
                constants.size() + " constants: 1 to " + FieldDescriptor.MAX_CONSTANTS + " are allowed");
        }
        for (Element outer = element; outer != null; outer = outer.getEnclosingElement())
        {
            if (outer.getModifiers().contains(Modifier.PRIVATE))
            {
                throw new InvalidFieldException("field=" + name + " is of enum=" + element.getQualifiedName() +
                    ", which is private: make it visible to its package");
            }
        }
    }

    static List<String> constants(final TypeElement element)
    {
        return element.getEnclosedElements().stream()
            .filter(constant -> constant.getKind() == ElementKind.ENUM_CONSTANT)
            .map(constant -> constant.getSimpleName().toString()).toList();
    }

    private static void checkAnnotations(final ExecutableElement method, final FieldModel field)
    {
        final List<String> present = new ArrayList<>();
        for (final Class<? extends Annotation> annotation : ANNOTATIONS)
        {
            if (method.getAnnotation(annotation) != null)
            {
                present.add('@' + annotation.getSimpleName());
            }
        }
        if (present.size() > 1)
        {
            throw new InvalidFieldException("field=" + field.name() + " has " + String.join(" and ", present) +
                ": keep one of them");
        }
        if (present.size() == 1 && !present.get(0).equals(annotationOf(field.kind())))
        {
            throw new InvalidFieldException("field=" + field.name() + " has " + present.get(0) + ", which is for a " +
                carrierOf(present.get(0)) + ", on type=" + method.getReturnType() +
                ": change the type, or remove the annotation");
        }
        if (field.eventTime() && field.kind() != FieldKind.LONG)
        {
            throw new InvalidFieldException("field=" + field.name() + " has @EventTime, which is for a plain long, " +
                "on type=" + (field.kind() == FieldKind.DECIMAL ? "@Decimal long" : method.getReturnType()) +
                ": make it a long in the pipeline's time unit");
        }
    }

    private static String annotationOf(final FieldKind kind)
    {
        return switch (kind)
        {
            case DECIMAL -> "@Decimal";
            case ASCII -> "@Ascii";
            case UTF8 -> "@Utf8";
            case BYTES -> "@FixedBytes";
            case VAR_BYTES -> "@VarBytes";
            default -> "";
        };
    }

    private static String carrierOf(final String annotation)
    {
        return switch (annotation)
        {
            case "@Decimal" -> "long";
            case "@Ascii", "@Utf8" -> "CharSequence";
            default -> "ByteView";
        };
    }

    private static int bound(
        final String name, final Class<? extends Annotation> annotation, final int value, final int min, final int max)
    {
        if (value < min || value > max)
        {
            throw new InvalidFieldException("field=" + name + " has @" + annotation.getSimpleName() + '(' + value +
                "): n from " + min + " to " + max + " is allowed");
        }
        return value;
    }

    private static InvalidFieldException wrongType(final String name, final TypeMirror type)
    {
        final String remedy = REMEDIES.get(type.toString());
        return new InvalidFieldException("field=" + name + " has type=" + type + ", a field is " + ALLOWED +
            (remedy == null ? "" : ": " + remedy));
    }
}
