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

import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One run of javac with the record processor, from source strings to memory. */
final class Compilation
{
    private static final String HEADER = "import io.millrace.memory.record.*;\n";

    private final DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    private final Map<String, MemoryFile> outputs = new TreeMap<>();
    private final boolean successful;

    private Compilation(
        final Map<String, String> sources, final Map<String, MemoryFile> earlier, final List<Processor> processors)
    {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final List<MemoryFile> files = new ArrayList<>();
        sources.forEach((name, source) -> files.add(new MemoryFile(name, JavaFileObject.Kind.SOURCE, source)));
        try (StandardJavaFileManager standard =
            compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8);
            MemoryFiles manager = new MemoryFiles(standard, outputs, earlier))
        {
            final JavaCompiler.CompilationTask task = compiler.getTask(null, manager, diagnostics,
                List.of("-Xlint:all,-processing", "-Werror", "--release", "17"), null, files);
            task.setProcessors(processors);
            successful = task.call();
        }
        catch (final IOException exception)
        {
            throw new UncheckedIOException(exception);
        }
    }

    /** Compiles classes by their qualified names; with -Xlint:all,-processing -Werror. */
    static Compilation of(final Map<String, String> sources)
    {
        return of(sources, List.of(new RecordProcessor()));
    }

    static Compilation of(final Map<String, String> sources, final List<Processor> processors)
    {
        return new Compilation(sources, Map.of(), processors);
    }

    /** Compiles one top-level type of package {@code test}, with the record package imported on line 2. */
    static Compilation ofType(final String name, final String declaration)
    {
        return of(Map.of("test." + name, inPackage(declaration)));
    }

    static String inPackage(final String declaration)
    {
        return "package test;\n" + HEADER + declaration;
    }

    /** Compiles with this one's class files on the class path. */
    Compilation then(final Map<String, String> sources)
    {
        return new Compilation(sources, outputs, List.of(new RecordProcessor()));
    }

    boolean successful()
    {
        return successful;
    }

    List<Diagnostic<? extends JavaFileObject>> errors()
    {
        return diagnostics.getDiagnostics().stream().filter(next -> next.getKind() == Diagnostic.Kind.ERROR).toList();
    }

    String report()
    {
        final StringBuilder report = new StringBuilder();
        diagnostics.getDiagnostics().forEach(next -> report.append(next).append('\n'));
        return report.toString();
    }

    /** The generated source of a class, null when there is none. */
    String generated(final String qualifiedName)
    {
        final MemoryFile file = outputs.get(qualifiedName + JavaFileObject.Kind.SOURCE.extension);
        return file == null ? null : file.text();
    }

    ClassLoader load()
    {
        return new ClassLoader(Compilation.class.getClassLoader())
        {
            @Override
            protected Class<?> findClass(final String name) throws ClassNotFoundException
            {
                final MemoryFile file = outputs.get(name + JavaFileObject.Kind.CLASS.extension);
                if (file == null)
                {
                    throw new ClassNotFoundException(name);
                }
                final byte[] bytes = file.bytes();
                return defineClass(name, bytes, 0, bytes.length);
            }
        };
    }

    private static final class MemoryFile extends SimpleJavaFileObject
    {
        private final String name;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        private MemoryFile(final String name, final Kind kind, final String source)
        {
            super(URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind);
            this.name = name;
            content.writeBytes(source.getBytes(StandardCharsets.UTF_8));
        }

        private byte[] bytes()
        {
            return content.toByteArray();
        }

        private String text()
        {
            return content.toString(StandardCharsets.UTF_8);
        }

        @Override
        public CharSequence getCharContent(final boolean ignoreEncodingErrors)
        {
            return text();
        }

        @Override
        public InputStream openInputStream()
        {
            return new ByteArrayInputStream(bytes());
        }

        @Override
        public OutputStream openOutputStream()
        {
            content.reset();
            return content;
        }
    }

    private static final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager>
    {
        private final Map<String, MemoryFile> outputs;
        private final Map<String, MemoryFile> earlier;

        private MemoryFiles(
            final JavaFileManager standard,
            final Map<String, MemoryFile> outputs,
            final Map<String, MemoryFile> earlier)
        {
            super(standard);
            this.outputs = outputs;
            this.earlier = earlier;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
            final Location location, final String className, final JavaFileObject.Kind kind, final FileObject sibling)
        {
            return outputs.computeIfAbsent(className + kind.extension, key -> new MemoryFile(className, kind, ""));
        }

        @Override
        public Iterable<JavaFileObject> list(
            final Location location,
            final String packageName,
            final Set<JavaFileObject.Kind> kinds,
            final boolean recurse) throws IOException
        {
            final List<JavaFileObject> files = new ArrayList<>();
            super.list(location, packageName, kinds, recurse).forEach(files::add);
            if (location == StandardLocation.CLASS_PATH && kinds.contains(JavaFileObject.Kind.CLASS))
            {
                earlier.values().stream()
                    .filter(file -> file.getKind() == JavaFileObject.Kind.CLASS)
                    .filter(file -> packageName.equals(file.name.substring(0, Math.max(0, file.name.lastIndexOf('.')))))
                    .forEach(files::add);
            }
            return files;
        }

        @Override
        public String inferBinaryName(final Location location, final JavaFileObject file)
        {
            return file instanceof MemoryFile memoryFile ? memoryFile.name : super.inferBinaryName(location, file);
        }

        @Override
        public boolean isSameFile(final FileObject first, final FileObject second)
        {
            return first == second;
        }
    }
}
