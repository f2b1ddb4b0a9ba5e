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
import io.millrace.memory.record.Decimal;
import io.millrace.memory.record.EventTime;
import io.millrace.memory.record.FixedBytes;
import io.millrace.memory.record.OffHeapRecord;
import io.millrace.memory.record.Utf8;
import io.millrace.memory.record.VarBytes;

import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.FilerException;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Writes {@code TradeFlyweight} and {@code TradeValue} for every {@link OffHeapRecord} interface {@code Trade}. An interface whose
 * types another processor has yet to write waits for a later round.
 */
public final class RecordProcessor extends AbstractProcessor
{
    private static final Set<String> ANNOTATIONS = Set.of(
        OffHeapRecord.class.getName(), Ascii.class.getName(), Decimal.class.getName(), EventTime.class.getName(),
        FixedBytes.class.getName(), Utf8.class.getName(), VarBytes.class.getName());

    private final Set<String> waiting = new LinkedHashSet<>();

    /** Made by javac. */
    public RecordProcessor()
    {
    }

    @Override
    public Set<String> getSupportedAnnotationTypes()
    {
        return ANNOTATIONS;
    }

    @Override
    public SourceVersion getSupportedSourceVersion()
    {
        return SourceVersion.latestSupported();
    }

    @Override
    @SuppressWarnings("DoNotClaimAnnotations") // Unclaimed ones are a warning under -Xlint:all, and nobody else reads these.
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
        return true;
    }

    private void write(final RecordModel model)
    {
        write(model, model.flyweightName(), new FlyweightWriter(model).source());
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
            error(model, "class=" + qualifiedName + " of record=" + model.interfaceName() + " could not be written: " + exception);
        }
    }

    private void error(final RecordModel model, final String message)
    {
        processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, message, model.type());
    }
}
