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

import io.millrace.memory.record.ByteView;
import io.millrace.memory.record.BytesValue;
import io.millrace.memory.record.FieldKind;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** A record interface with random fields, and random values of it. */
final class RandomRecord
{
    private static final List<FieldKind> KINDS = List.of(FieldKind.values());
    private static final String CHARACTERS = "aZ09 ~\u00e4\u00df\u20ac\u4e16\uffee";

    private final Random random;
    private final List<String> fields = new ArrayList<>();
    private final List<FieldKind> kinds = new ArrayList<>();
    private final List<Integer> bounds = new ArrayList<>();

    RandomRecord(final Random random, final int fieldCount)
    {
        this.random = random;
        for (int i = 0; i < fieldCount; i++)
        {
            add(KINDS.get(random.nextInt(KINDS.size())), "f" + i);
        }
    }

    private void add(final FieldKind kind, final String name)
    {
        final int bound = 1 + random.nextInt(random.nextBoolean() ? 20 : 400);
        kinds.add(kind);
        bounds.add(bound);
        final String type = switch (kind)
        {
            case DECIMAL -> "@Decimal(" + bound % 19 + ") long ";
            case ENUM -> "Side ";
            case ASCII -> "@Ascii(" + bound + ") CharSequence ";
            case UTF8 -> "@Utf8(" + bound + ") CharSequence ";
            case BYTES -> "@FixedBytes(" + bound + ") ByteView ";
            case VAR_BYTES -> "@VarBytes(" + bound + ") ByteView ";
            case RECORD -> "Leg ";
            default -> kind.name().toLowerCase(Locale.ROOT) + ' ';
        };
        fields.add(type + name + "();");
    }

    /** Source of the interface with its first fields only. */
    String source(final String name, final int count)
    {
        return Compilation.inPackage("@OffHeapRecord(name = \"R\") interface " + name + "\n{\n    " +
            String.join("\n    ", fields.subList(0, count)) + "\n}\n");
    }

    int fieldCount()
    {
        return fields.size();
    }

    /** A value of a generated Java record, by its canonical constructor. */
    Object value(final Class<?> type)
    {
        final RecordComponent[] components = type.getRecordComponents();
        final Object[] arguments = new Object[components.length];
        for (int i = 0; i < arguments.length; i++)
        {
            arguments[i] = argument(components[i].getType(), kinds.get(i), bounds.get(i));
        }
        return construct(type, arguments);
    }

    private Object argument(final Class<?> type, final FieldKind kind, final int bound)
    {
        return switch (kind)
        {
            case BOOLEAN -> random.nextBoolean();
            case BYTE -> (byte)random.nextInt();
            case SHORT -> (short)random.nextInt();
            case CHAR -> (char)random.nextInt();
            case INT -> random.nextInt();
            case LONG, DECIMAL -> random.nextLong();
            case FLOAT -> random.nextFloat();
            case DOUBLE -> random.nextGaussian();
            case ENUM -> type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
            case ASCII -> text(random.nextInt(bound + 1), 6);
            case UTF8 -> text(random.nextInt(bound / 3 + 1), CHARACTERS.length());
            case BYTES -> bytes(bound);
            case VAR_BYTES -> bytes(random.nextInt(bound + 1));
            case RECORD -> construct(type, random.nextInt(), text(random.nextInt(5), 6));
        };
    }

    private String text(final int length, final int characters)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++)
        {
            text.append(CHARACTERS.charAt(random.nextInt(characters)));
        }
        return text.toString();
    }

    private ByteView bytes(final int length)
    {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return BytesValue.of(bytes);
    }

    private static Object construct(final Class<?> type, final Object... arguments)
    {
        try
        {
            final var constructor = type.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        }
        catch (final InstantiationException | IllegalAccessException | InvocationTargetException exception)
        {
            throw new AssertionError(type.getName(), exception);
        }
    }

    /** Calls a public method of a class that is not public. */
    static Object call(final Object target, final String name, final Class<?> parameter, final Object argument)
    {
        try
        {
            final Method method = parameter == null ? target.getClass().getMethod(name) :
                target.getClass().getMethod(name, parameter);
            method.setAccessible(true);
            return parameter == null ? method.invoke(target) : method.invoke(target, argument);
        }
        catch (final NoSuchMethodException | IllegalAccessException | InvocationTargetException exception)
        {
            throw new AssertionError(name, exception);
        }
    }
}
