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
package io.millrace.samples.savepoint;

import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A jar whose classes are compiled by the test. */
final class TestJar
{
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, String> resources = new LinkedHashMap<>();
    private final Manifest manifest = new Manifest();

    TestJar()
    {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    }

    /** Adds a class of the package {@code job}. */
    TestJar source(final String name, final String text)
    {
        sources.put("job." + name, text);
        return this;
    }

    TestJar mainClass(final String name)
    {
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, name);
        return this;
    }

    TestJar resource(final String path, final String text)
    {
        resources.put(path, text);
        return this;
    }

    /** Compiles and packs everything but the classes that are named. */
    Path make(final Path directory, final String name, final String... leftOut) throws IOException
    {
        final Path classes = Files.createDirectory(directory.resolve(name + "-classes"));
        compile(classes);
        final Path jar = directory.resolve(name + ".jar");
        try (OutputStream file = Files.newOutputStream(jar); JarOutputStream out = new JarOutputStream(file, manifest);
            Stream<Path> files = Files.walk(classes))
        {
            for (final Path path : files.filter(Files::isRegularFile).sorted().toList())
            {
                final String entry = classes.relativize(path).toString();
                if (!List.of(leftOut).contains(entry))
                {
                    out.putNextEntry(new JarEntry(entry));
                    out.write(Files.readAllBytes(path));
                    out.closeEntry();
                }
            }
            for (final Map.Entry<String, String> resource : resources.entrySet())
            {
                out.putNextEntry(new JarEntry(resource.getKey()));
                out.write(resource.getValue().getBytes(StandardCharsets.UTF_8));
                out.closeEntry();
            }
        }
        return jar;
    }

    private void compile(final Path classes) throws IOException
    {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final List<SimpleJavaFileObject> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(new SourceText(name, text)));
        final StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8))
        {
            final List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
            if (!compiler.getTask(messages, files, null, options, null, units).call())
            {
                throw new AssertionError("the jar does not compile: " + messages);
            }
        }
    }

    private static final class SourceText extends SimpleJavaFileObject
    {
        private final String text;

        SourceText(final String name, final String text)
        {
            super(URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors)
        {
            return text;
        }
    }
}
