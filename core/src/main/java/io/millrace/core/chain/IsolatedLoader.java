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
package io.millrace.core.chain;

import io.millrace.core.operator.OperatorFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Defines one class, and those nested in it, anew from the same bytes, so that the copy has its own type profile. The
 * loader's name is that of the operator: stack traces and profilers show
 * {@code name//io.millrace...Class.method(Class.java:line)}.
 * <p>
 * A copy is another class than the original: it can be named only through the contracts that it implements, which come
 * from the original's loader.
 */
public final class IsolatedLoader extends ClassLoader
{
    static
    {
        registerAsParallelCapable();
    }

    /**
     * System property, asked when an instance is made: {@code false} has instances share their class. Jobs start faster, as
     * classes are neither read nor compiled anew, and run slower, as their call sites are shared: for thousands of jobs of a few records.
     */
    public static final String ISOLATION_PROPERTY = "millrace.isolation";

    private final Class<?> original;

    private IsolatedLoader(final String name, final Class<?> original)
    {
        super(name, original.getClassLoader());
        this.original = original;
    }

    /**
     * Makes an instance from a copy of a class of its own.
     *
     * @param name     of the loader, shown in stack traces
     * @param contract that the instance fulfils
     * @param factory  the class and what its constructor takes
     * @param <T>      contract that the instance fulfils
     * @return the instance
     */
    public static <T> T newInstance(
        final String name, final Class<T> contract, final OperatorFactory<? extends T> factory)
    {
        return newInstance(name, contract, factory.type(), factory.arguments().toArray());
    }

    /**
     * Makes an instance from a copy of a class of its own.
     *
     * @param name      of the loader, shown in stack traces
     * @param contract  that the instance fulfils
     * @param type      public class with exactly one constructor
     * @param arguments of the constructor
     * @param <T>       contract that the instance fulfils
     * @return the instance
     */
    public static <T> T newInstance(
        final String name, final Class<T> contract, final Class<? extends T> type, final Object... arguments)
    {
        try
        {
            final Class<?> copy = isolates() ? new IsolatedLoader(name, type).loadClass(type.getName()) : type;
            final Constructor<?>[] constructors = copy.getDeclaredConstructors();
            if (constructors.length != 1)
            {
                throw new IllegalArgumentException("class=" + type.getName() + " of operator " + name + " has " +
                    constructors.length + " constructors: an isolated class must have exactly one");
            }
            constructors[0].setAccessible(true);
            return contract.cast(constructors[0].newInstance(arguments));
        }
        catch (final InvocationTargetException exception)
        {
            if (exception.getCause() instanceof RuntimeException cause)
            {
                throw cause;
            }
            throw notMade(name, type, arguments, exception.getCause());
        }
        catch (final ReflectiveOperationException | IllegalArgumentException exception)
        {
            throw notMade(name, type, arguments, exception);
        }
    }

    private static boolean isolates()
    {
        return !"false".equals(System.getProperty(ISOLATION_PROPERTY));
    }

    private static IllegalStateException notMade(
        final String name, final Class<?> type, final Object[] arguments, final Throwable cause)
    {
        return new IllegalStateException("operator " + name + " cannot be made: class=" + type.getName() +
            " arguments=" + Arrays.toString(arguments) +
            (cause instanceof IllegalArgumentException ? ": " + cause.getMessage() +
            "; types nested in an isolated class are copied too, so take arguments of top-level types" : ""), cause);
    }

    @Override
    protected Class<?> loadClass(final String className, final boolean resolve) throws ClassNotFoundException
    {
        if (!className.equals(original.getName()) && !className.startsWith(original.getName() + "$"))
        {
            return super.loadClass(className, resolve);
        }
        synchronized (getClassLoadingLock(className))
        {
            final Class<?> loaded = findLoadedClass(className);
            return loaded != null ? loaded : defineCopy(className);
        }
    }

    private Class<?> defineCopy(final String className) throws ClassNotFoundException
    {
        final String resource = className.substring(className.lastIndexOf('.') + 1) + ".class";
        try (InputStream stream = original.getResourceAsStream(resource))
        {
            if (stream == null)
            {
                throw new ClassNotFoundException(className + ": its bytes are not found as resource=" + resource);
            }
            final byte[] bytes = stream.readAllBytes();
            return defineClass(className, bytes, 0, bytes.length, original.getProtectionDomain());
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException("reading the bytes of class=" + className, exception);
        }
    }
}
