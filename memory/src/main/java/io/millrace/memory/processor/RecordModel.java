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

import io.millrace.memory.record.FieldKind;

import javax.lang.model.element.TypeElement;
import java.util.List;

/**
 * A record as declared, laid out.
 *
 * @param type          the interface
 * @param packageName   of the interface and of what is generated, empty for the unnamed package
 * @param interfaceName as source in the same package names it: {@code Trade}, or {@code Outer.Trade}
 * @param recordName    stable name for snapshots and journals
 * @param visible       true when the interface is public, and all that it is nested in
 * @param deprecated    true when source that names the interface or its fields would get a warning
 * @param annotated     true when the module can read {@code javax.annotation.processing.Generated}
 * @param shadowing     simple names of types that are members of the interface and so hide imports
 * @param fields        in order of their offsets
 * @param blockLength   bytes of the fixed fields
 * @param maxLength     the most bytes that a record takes
 */
record RecordModel(
    TypeElement type,
    String packageName,
    String interfaceName,
    String recordName,
    boolean visible,
    boolean deprecated,
    boolean annotated,
    List<String> shadowing,
    List<FieldModel> fields,
    int blockLength,
    int maxLength)
{
    String simpleName()
    {
        return type.getSimpleName().toString();
    }

    String flyweightName()
    {
        return simpleName() + "Flyweight";
    }

    String valueName()
    {
        return simpleName() + "Value";
    }

    /** How source names a class that is generated for this record's interface, in whatever package. */
    String qualified(final String generatedName)
    {
        return packageName.isEmpty() ? generatedName : packageName + '.' + generatedName;
    }

    List<FieldModel> variableFields()
    {
        return fields.stream().filter(field -> field.kind() == FieldKind.VAR_BYTES).toList();
    }
}
