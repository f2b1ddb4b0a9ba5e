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

import io.millrace.memory.record.FieldDescriptor;
import io.millrace.memory.record.FieldKind;
import io.millrace.memory.record.OffHeapRecord;

import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.Diagnostic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads interfaces as records: collects their fields, lays them out and reports what is not allowed, each once. */
final class SchemaReader
{
    private static final int MAX_CONSTRUCTOR_SLOTS = 254;

    private final ProcessingEnvironment environment;
    private final Elements elements;
    private final Types types;
    private final FieldReader fieldReader = new FieldReader(this);
    private final Map<String, Optional<RecordModel>> known = new HashMap<>();
    private final Set<String> reading = new LinkedHashSet<>();

    SchemaReader(final ProcessingEnvironment environment)
    {
        this.environment = environment;
        elements = environment.getElementUtils();
        types = environment.getTypeUtils();
    }

    /** False when the interface names a type that does not exist yet. */
    boolean resolved(final TypeElement type)
    {
        final Set<TypeElement> seen = new LinkedHashSet<>();
        return resolved(type, seen);
    }

    private boolean resolved(final TypeElement type, final Set<TypeElement> seen)
    {
        if (!seen.add(type))
        {
            return true;
        }
        for (final TypeMirror parent : type.getInterfaces())
        {
            if (parent.getKind() == TypeKind.ERROR || !resolved(elementOf(parent), seen))
            {
                return false;
            }
        }
        for (final ExecutableElement method : ElementFilter.methodsIn(type.getEnclosedElements()))
        {
            final TypeMirror result = method.getReturnType();
            if (result.getKind() == TypeKind.ERROR)
            {
                return false;
            }
            final TypeElement nested = result.getKind() == TypeKind.DECLARED ? elementOf(result) : null;
            if (nested != null && nested.getAnnotation(OffHeapRecord.class) != null && !resolved(nested, seen))
            {
                return false;
            }
        }
        return true;
    }

    /** Empty when there are errors, which were reported. */
    Optional<RecordModel> read(final TypeElement type)
    {
        final String name = type.getQualifiedName().toString();
        if (reading.contains(name))
        {
            throw new InvalidFieldException("record=" + name + " contains itself: " + String.join(" > ", reading) +
                " > " + name + ": a record is laid out inline, store an id instead");
        }
        final Optional<RecordModel> before = known.get(name);
        if (before != null)
        {
            return before;
        }
        reading.add(name);
        final Optional<RecordModel> model = typeAllowed(type) ? layOut(type) : Optional.empty();
        reading.remove(name);
        known.put(name, model);
        return model;
    }

    private boolean typeAllowed(final TypeElement type)
    {
        String problem = null;
        if (type.getKind() != ElementKind.INTERFACE)
        {
            problem = "is not an interface: declare its fields as methods of an interface";
        }
        else if (!type.getTypeParameters().isEmpty())
        {
            problem = "has type parameters: a record's layout is fixed, declare one interface for each";
        }
        else if (type.getModifiers().contains(Modifier.SEALED))
        {
            problem = "is sealed: its flyweight and value implement it, remove sealed";
        }
        else if (!validName(type.getAnnotation(OffHeapRecord.class).name()))
        {
            problem = "has name=\"" + type.getAnnotation(OffHeapRecord.class).name() +
                "\": letters, digits and . _ - $ are allowed";
        }
        for (Element outer = type; problem == null && outer != null; outer = outer.getEnclosingElement())
        {
            if (outer.getModifiers().contains(Modifier.PRIVATE))
            {
                problem = "is private or nested in what is private: generated classes need to see it, " +
                    "make it visible to its package";
            }
        }
        if (problem != null)
        {
            error(type, "record=" + type.getSimpleName() + ' ' + problem);
        }
        return problem == null;
    }

    private static boolean validName(final String name)
    {
        return name.chars().allMatch(c -> Character.isLetterOrDigit(c) || "._-$".indexOf(c) >= 0);
    }

    private Optional<RecordModel> layOut(final TypeElement type)
    {
        final List<ExecutableElement> methods = fieldMethods(type);
        final List<FieldModel> fields = new ArrayList<>();
        final Map<String, FieldModel> byConstantName = new HashMap<>();
        boolean valid = defaultMethodsAllowed(type);
        int end = 0;
        int maxLength = 0;
        for (final ExecutableElement method : methods)
        {
            try
            {
                final FieldModel unplaced = fieldReader.read(method, resultType(type, method));
                checkAgainst(unplaced, fields, byConstantName);
                final int parameter =
                    unplaced.kind() == FieldKind.RECORD ? unplaced.nested().blockLength() : unplaced.parameter();
                final int length = FieldDescriptor.length(unplaced.kind(), parameter);
                final int offset = FieldDescriptor.align(end, FieldDescriptor.alignment(unplaced.kind(), parameter));
                fields.add(unplaced.at(offset, length));
                end = offset + length;
                maxLength += unplaced.kind() == FieldKind.VAR_BYTES ? parameter : 0;
            }
            catch (final InvalidFieldException exception)
            {
                valid = false;
                error(type, method, exception.getMessage());
            }
        }
        if (methods.isEmpty())
        {
            error(type, "record=" + type.getSimpleName() + " has no fields: declare at least one abstract method, as " +
                "in long time();");
        }
        final int blockLength = FieldDescriptor.align(end, FieldDescriptor.BLOCK_ALIGNMENT);
        return valid && !methods.isEmpty() && constructorFits(type, fields) ?
            Optional.of(model(type, fields, blockLength, blockLength + maxLength)) : Optional.empty();
    }

    private static void checkAgainst(
        final FieldModel field, final List<FieldModel> earlier, final Map<String, FieldModel> byConstantName)
    {
        final FieldModel sameName = byConstantName.putIfAbsent(FieldModel.constantName(field.name()), field);
        if (sameName != null)
        {
            throw new InvalidFieldException(sameName.name().equals(field.name()) ?
                "field=" + field.name() + " is declared twice: keep one declaration, here or in a superinterface" :
                "field=" + field.name() + " clashes with field=" + sameName.name() + ": both have the constant " +
                field.offsetName() + ", rename one");
        }
        for (final FieldModel other : earlier)
        {
            if (field.eventTime() && other.eventTime())
            {
                throw new InvalidFieldException("field=" + field.name() + " has @EventTime, and so has field=" +
                    other.name() + ": a record has one event time");
            }
        }
    }

    private RecordModel model(
        final TypeElement type, final List<FieldModel> fields, final int blockLength, final int maxLength)
    {
        final PackageElement home = elements.getPackageOf(type);
        final String packageName = home.getQualifiedName().toString();
        final String qualifiedName = type.getQualifiedName().toString();
        final String name = type.getAnnotation(OffHeapRecord.class).name();
        final List<String> shadowing = new ArrayList<>();
        for (final TypeElement member : ElementFilter.typesIn(elements.getAllMembers(type)))
        {
            shadowing.add(member.getSimpleName().toString());
        }
        return new RecordModel(
            type,
            packageName,
            packageName.isEmpty() ? qualifiedName : qualifiedName.substring(packageName.length() + 1),
            name.isEmpty() ? type.getSimpleName().toString() : name,
            visible(type),
            deprecated(type),
            elements.getTypeElement(elements.getModuleOf(type), "javax.annotation.processing.Generated") != null,
            shadowing,
            List.copyOf(fields),
            blockLength,
            maxLength);
    }

    private boolean constructorFits(final TypeElement type, final List<FieldModel> fields)
    {
        final int slots = fields.stream().mapToInt(field -> switch (field.kind())
        {
            case LONG, DOUBLE, DECIMAL -> 2;
            default -> 1;
        }).sum();
        if (slots > MAX_CONSTRUCTOR_SLOTS)
        {
            error(type, "record=" + type.getSimpleName() + " has fields=" + fields.size() + ", which take " + slots +
                " parameter slots (2 for a long or double), " + MAX_CONSTRUCTOR_SLOTS +
                " are allowed: group fields in nested records");
        }
        return slots <= MAX_CONSTRUCTOR_SLOTS;
    }

    private boolean defaultMethodsAllowed(final TypeElement type)
    {
        boolean allowed = true;
        for (final ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(type)))
        {
            final String name = method.getSimpleName().toString();
            if (method.isDefault() && method.getParameters().isEmpty() && ReservedNames.ofFlyweight(name))
            {
                allowed = false;
                error(type, method, "method=" + name + " collides with method " + name +
                    " of the flyweight: rename it");
            }
        }
        for (final Element constant : ElementFilter.fieldsIn(elements.getAllMembers(type)))
        {
            if (constant.getSimpleName().contentEquals("address"))
            {
                allowed = false;
                error(type, constant, "constant=address collides with field address of the flyweight: rename it");
            }
        }
        return allowed;
    }

    /** The abstract methods, superinterfaces first, each in declaration order. */
    private List<ExecutableElement> fieldMethods(final TypeElement type)
    {
        final Set<ExecutableElement> all = new LinkedHashSet<>();
        collectMethods(type, all);
        final List<ExecutableElement> fields = new ArrayList<>();
        for (final ExecutableElement method : all)
        {
            if (method.getModifiers().contains(Modifier.ABSTRACT) &&
                all.stream().noneMatch(other -> other.isDefault() && elements.overrides(other, method, type)))
            {
                fields.add(method);
            }
        }
        return fields;
    }

    private void collectMethods(final TypeElement type, final Set<ExecutableElement> methods)
    {
        for (final TypeMirror parent : type.getInterfaces())
        {
            collectMethods(elementOf(parent), methods);
        }
        methods.addAll(ElementFilter.methodsIn(type.getEnclosedElements()));
    }

    private TypeMirror resultType(final TypeElement type, final ExecutableElement method)
    {
        return ((ExecutableType)types.asMemberOf((DeclaredType)type.asType(), method)).getReturnType();
    }

    private boolean deprecated(final TypeElement type)
    {
        return elements.isDeprecated(type) || fieldMethods(type).stream().anyMatch(this::deprecated);
    }

    private boolean deprecated(final ExecutableElement method)
    {
        final TypeMirror result = method.getReturnType();
        return elements.isDeprecated(method) ||
            result.getKind() == TypeKind.DECLARED && elements.isDeprecated(elementOf(result));
    }

    private static boolean visible(final TypeElement type)
    {
        for (Element outer = type; outer instanceof TypeElement; outer = outer.getEnclosingElement())
        {
            if (!outer.getModifiers().contains(Modifier.PUBLIC))
            {
                return false;
            }
        }
        return true;
    }

    private static TypeElement elementOf(final TypeMirror type)
    {
        return (TypeElement)((DeclaredType)type).asElement();
    }

    private void error(final TypeElement type, final Element member, final String message)
    {
        if (member.getEnclosingElement().equals(type))
        {
            error(member, message);
        }
        else
        {
            // The other interface may be a class file, which has no position to point at.
            error(type, message + " (inherited from " + member.getEnclosingElement() + ')');
        }
    }

    private void error(final Element element, final String message)
    {
        environment.getMessager().printMessage(Diagnostic.Kind.ERROR, message, element);
    }
}
