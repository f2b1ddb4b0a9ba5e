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
package io.millrace.checkpoint.savepoint;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** Finds classes that declare pipelines by their names, or by the jar that they are in. */
public final class PipelineClass
{
    private PipelineClass()
    {
    }

    /**
     * Makes an instance of a class.
     *
     * @param name     of the class
     * @param loader   that knows it
     * @param contract that it has to implement
     * @param <T>      contract that it has to implement
     * @return the instance
     * @throws IllegalArgumentException when there is no such class, or it is of another kind
     * @throws IllegalStateException    when its constructor fails
     */
    public static <T> T instance(final String name, final ClassLoader loader, final Class<T> contract)
    {
        try
        {
            final Class<?> type = Class.forName(name, true, loader);
            if (!contract.isAssignableFrom(type))
            {
                throw new IllegalArgumentException("class=" + name + " does not implement " + contract.getName());
            }
            return contract.cast(type.getConstructor().newInstance());
        }
        catch (final InvocationTargetException exception)
        {
            throw new IllegalStateException("class=" + name + " cannot be made: " + exception.getCause(), exception);
        }
        catch (final ReflectiveOperationException exception)
        {
            throw new IllegalArgumentException("class=" + name + " must be on the class path, public, and have a public " +
                "constructor without parameters: " + exception, exception);
        }
    }

    /** A loader for jars, of which those classes are seen first that this process has already. */
    static URLClassLoader loader(final List<Path> jars)
    {
        final URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++)
        {
            if (!Files.isReadable(jars.get(i)))
            {
                throw new IllegalStateException("jar=" + jars.get(i) + " cannot be read: give the jar of the job");
            }
            try
            {
                urls[i] = jars.get(i).toUri().toURL();
            }
            catch (final MalformedURLException exception)
            {
                throw new IllegalStateException("jar=" + jars.get(i) + " has no address: " + exception.getMessage(), exception);
            }
        }
        return new URLClassLoader("jars", urls, PipelineClass.class.getClassLoader());
    }

    /** The pipeline that a jar tells of itself: as a service, or as its main class. */
    static RestorablePipeline ofJar(final Path jar, final ClassLoader loader)
    {
        final List<ServiceLoader.Provider<RestorablePipeline>> services;
        try
        {
            services = ServiceLoader.load(RestorablePipeline.class, loader).stream()
                .filter(service -> service.type().getClassLoader() == loader).toList();
            if (services.size() == 1)
            {
                return services.get(0).get();
            }
        }
        catch (final ServiceConfigurationError error)
        {
            throw new IllegalStateException("jar=" + jar + " names a service that cannot be used: " + error.getMessage(), error);
        }
        if (services.size() > 1)
        {
            throw new IllegalStateException("jar=" + jar + " has pipelines=" +
                services.stream().map(each -> each.type().getName()).toList() + ": say which with --main");
        }
        final String main = mainClass(jar);
        if (main == null)
        {
            throw new IllegalStateException("jar=" + jar + " names no pipeline: give --main, the name of a class that implements " +
                RestorablePipeline.class.getName() + ", or name it in META-INF/services");
        }
        return instance(main, loader, RestorablePipeline.class);
    }

    private static String mainClass(final Path jar)
    {
        if (Files.isDirectory(jar))
        {
            return null;
        }
        try (JarFile file = new JarFile(jar.toFile()))
        {
            final Manifest manifest = file.getManifest();
            return manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
        }
        catch (final IOException exception)
        {
            throw new IllegalStateException("jar=" + jar + " cannot be read: " + exception.getMessage(), exception);
        }
    }
}
