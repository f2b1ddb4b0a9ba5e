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

import io.millrace.memory.record.OffHeapRecord;

import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.FilerException;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Writes {@code TradeFlyweight} and {@code TradeValue} for every {@link OffHeapRecord} interface {@code Trade}. An
 * interface whose types another processor has yet to write waits for a later round.
 */
public final class RecordProcessor extends AbstractProcessor
{
    private final Set<String> waiting = new LinkedHashSet<>();

    /** Made by javac. */
    public RecordProcessor()
    {
    }

    @Override
    public Set<String> getSupportedAnnotationTypes()
    {
        return Set.of(OffHeapRecord.class.getName());
    }

    @Override
    public SourceVersion getSupportedSourceVersion()
    {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(final Set<? extends TypeElement> annotations, final RoundEnvironment round)
    {
        final Set<TypeElement> types = new LinkedHashSet<>();
        waiting.forEach(name -> types.add(processingEnv.getElementUtils().getTypeElement(name)));
        waiting.clear();
        for (final Element element : round.getElementsAnnotatedWith(OffHeapRecord.class))
        {
            types.add((TypeElement)element);
        }
        final SchemaReader reader = new SchemaReader(processingEnv);
        for (final TypeElement type : types)
        {
            if (!reader.resolved(type))
            {
                waiting.add(type.getQualifiedName().toString());
            }
            else
            {
                reader.read(type).ifPresent(this::write);
            }
        }
        return false;
    }

    private void write(final RecordModel model)
    {
        write(model, model.flyweightName(), new FlyweightWriter(model).source());
        deleteStaleRecord(model);
        write(model, model.valueName(), new ValueWriter(model).source());
    }

    private void write(final RecordModel model, final String name, final String source)
    {
        final String qualifiedName = model.packageName().isEmpty() ? name : model.packageName() + '.' + name;
        try (Writer writer = processingEnv.getFiler().createSourceFile(qualifiedName, model.type()).openWriter())
        {
            writer.write(source);
        }
        catch (final FilerException exception)
        {
            error(model, "record=" + model.interfaceName() + " generates class=" + qualifiedName +
                ", which exists already: rename the interface, or the class");
        }
        catch (final IOException exception)
        {
            error(model, "class=" + qualifiedName + " of record=" + model.interfaceName() + " could not be written: " +
                exception);
        }
    }

    /**
     * Deletes the class file that an earlier build left of the value. When the output directory is on the class path,
     * javac before 23 reads it, and fails with a NullPointerException on the new source of the same Java record
     * (JDK-8332297).
     */
    private void deleteStaleRecord(final RecordModel model)
    {
        try
        {
            final URI file = processingEnv.getFiler().getResource(
                StandardLocation.CLASS_OUTPUT, model.packageName(), model.valueName() + ".class").toUri();
            if ("file".equals(file.getScheme()))
            {
                Files.deleteIfExists(Path.of(file));
            }
        }
        catch (final IOException exception)
        {
            // There is no such file, so nothing is stale.
            return;
        }
    }

    private void error(final RecordModel model, final String message)
    {
        processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, message, model.type());
    }
}
