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

import javax.lang.model.element.TypeElement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Puts Java source together: indentation, braces on lines of their own, and imports where a simple name is free. */
final class SourceWriter
{
    private static final String INDENTATION = "    ";

    private final String packageName;
    private final StringBuilder body = new StringBuilder();
    private final Set<String> imports = new TreeSet<>();
    private final Map<String, String> owners = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private int depth;

    SourceWriter(final String packageName, final Collection<String> takenNames)
    {
        this.packageName = packageName;
        taken.addAll(takenNames);
    }

    /** How source names a top-level type, imported if need be. */
    String name(final String qualifiedName)
    {
        final int dot = qualifiedName.lastIndexOf('.');
        final String simpleName = qualifiedName.substring(dot + 1);
        final String owner = owners.putIfAbsent(simpleName, qualifiedName);
        if (taken.contains(simpleName) || owner != null && !owner.equals(qualifiedName))
        {
            return qualifiedName;
        }
        final String home = dot < 0 ? "" : qualifiedName.substring(0, dot);
        if (!home.equals(packageName) && !"java.lang".equals(home))
        {
            imports.add(qualifiedName);
        }
        return simpleName;
    }

    /** How source names a type that may be nested in others. */
    String name(final TypeElement type)
    {
        TypeElement outermost = type;
        while (outermost.getEnclosingElement() instanceof TypeElement outer)
        {
            outermost = outer;
        }
        final String outermostName = outermost.getQualifiedName().toString();
        return name(outermostName) + type.getQualifiedName().toString().substring(outermostName.length());
    }

    String name(final Class<?> type)
    {
        return name(type.getName());
    }

    void line(final String... parts)
    {
        final String line = String.join("", parts);
        body.append(line.isEmpty() ? "" : INDENTATION.repeat(depth)).append(line).append('\n');
    }

    void open(final String... parts)
    {
        line(parts);
        line("{");
        depth++;
    }

    void close()
    {
        depth--;
        line("}");
    }

    void indent()
    {
        depth++;
    }

    void outdent()
    {
        depth--;
    }

    String source()
    {
        final StringBuilder source = new StringBuilder();
        if (!packageName.isEmpty())
        {
            source.append("package ").append(packageName).append(";\n\n");
        }
        imports.forEach(name -> source.append("import ").append(name).append(";\n"));
        return source.append(imports.isEmpty() ? "" : "\n").append(body).toString();
    }
}
