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
package io.millrace.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/**
 * The shape of the whole: which module sees which, and which doors are closed to all but a few named classes. To open
 * one for a class, add its name to the list and say why beside it.
 */
class ArchitectureTest
{
    /** What each module may see of ours. A module that is not named here fails. */
    private static final Map<String, Set<String>> SEES = Map.of(
        "memory", Set.of(),
        "core", Set.of("memory"),
        "operators", Set.of("core", "memory"),
        "checkpoint", Set.of("core", "memory"),
        "extensions", Set.of("checkpoint", "operators", "core", "memory"),
        "samples", Set.of("operators", "checkpoint", "core", "memory"));

    /** Classes that may use reflection or load a class by name. */
    private static final Set<String> REFLECTION = Set.of(
        // Defines operator classes anew, and makes instances of them.
        "io.millrace.core.chain.IsolatedLoader",
        // Look whether an optional library is there.
        "io.millrace.core.runtime.CpuPin",
        "io.millrace.checkpoint.journal.ChronicleQueues",
        // Makes the pipeline whose class the user names on the command line.
        "io.millrace.checkpoint.savepoint.PipelineClass");

    /** Classes that may ask the machine for the time of day; all others are handed a clock. */
    private static final Set<String> CLOCKS = Set.of(
        // The default of a clock that is handed in; what is read goes into the order log.
        "io.millrace.core.runtime.EngineClock",
        // The default of a clock that is handed in; it names the queue's files and is in no record.
        "io.millrace.checkpoint.journal.JournalContext");

    /** Classes that may ask the machine for chance; all others are handed a seed. */
    private static final Set<String> CHANCE = Set.of(
        // Names a life of the job in the listing of its checkpoints; it is in no record.
        "io.millrace.extensions.s3.S3Snapshots");

    private static final String DOOR_TO_MEMORY = "io.millrace.memory.Memory";

    private static final Pattern MODULE = Pattern.compile("/millrace-([a-z]+)-[^/]*\\.jar|/([a-z]+)/target/classes/");

    private static final JavaClasses CLASSES = new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .withImportOption(location -> !location.contains("-tests.jar"))
        .importPackages("io.millrace");

    private static final DescribedPredicate<JavaClass> ENGINE =
        DescribedPredicate.describe("of the engine", (type) -> !"samples".equals(module(type)));

    @Test
    void shouldSeeTheClassesOfTheEngine()
    {
        assertFalse(CLASSES.isEmpty());
        assertEquals("memory", module(CLASSES.get(DOOR_TO_MEMORY)));
        final Set<String> unknown = CLASSES.stream()
            .map(ArchitectureTest::module)
            .filter((module) -> !SEES.containsKey(module))
            .collect(Collectors.toSet());
        assertEquals(Set.of(), unknown, "modules=" + unknown + " have no place in the order: add them to SEES");
    }

    @Test
    void shouldHaveNoCyclesAmongPackages()
    {
        check(slices().assignedFrom(new PackageAssignment()).should().beFreeOfCycles());
    }

    @Test
    void shouldHaveEachPackageInOneModule()
    {
        final Map<String, Set<String>> modulesByPackage = new TreeMap<>();
        for (final JavaClass type : CLASSES)
        {
            modulesByPackage.computeIfAbsent(type.getPackageName(), (name) -> new TreeSet<>()).add(module(type));
        }
        modulesByPackage.values().removeIf((modules) -> modules.size() == 1);
        assertEquals(Map.of(), modulesByPackage);
    }

    @Test
    void shouldSeeOnlyTheModulesBelow()
    {
        check(classes().should(new SeeOnlyModulesBelow()));
    }

    @Test
    void shouldKeepMemoryOnAgronaAndTheDisruptor()
    {
        check(classes().that(inModule("memory")).should().onlyDependOnClassesThat()
            .resideInAnyPackage("io.millrace..", "org.agrona..", "com.lmax.disruptor..", "java..", "javax.."));
    }

    @Test
    void shouldKeepDurableLibrariesInCheckpoint()
    {
        check(noClasses().that(inModule("memory").or(inModule("core")).or(inModule("operators")))
            .should().dependOnClassesThat().resideInAnyPackage("net.openhft.chronicle..", "org.rocksdb.."));
    }

    @Test
    void shouldShowNoLibraryInTheSignaturesThatUsersCall()
    {
        check(members()
            .that().areDeclaredInClassesThat(inModule("operators"))
            .and().areDeclaredInClassesThat(isVisible())
            .should(new ShowOnlyOwnAndJavaTypes()));
    }

    @Test
    void shouldReachRawMemoryThroughOneDoor()
    {
        check(noClasses().that().doNotHaveFullyQualifiedName(DOOR_TO_MEMORY)
            .should().dependOnClassesThat()
            .haveNameMatching("sun\\.misc\\..*|jdk\\.internal\\..*|org\\.agrona\\.UnsafeApi"));
    }

    @Test
    void shouldMapNoFiles()
    {
        check(noClasses().should().accessTargetWhere(DescribedPredicate.describe(
            "a file is mapped: a full disk would end the process there",
            (call) -> "map".equals(call.getName()) && call.getTargetOwner().isAssignableTo(FileChannel.class))));
    }

    @Test
    void shouldNotUseJavaSerialization()
    {
        check(noClasses().should().dependOnClassesThat()
            .haveNameMatching("java\\.io\\.(Object(Input|Output)(Stream|Filter|Validation)?|Externalizable)(\\$.*)?"));
        check(noMethods()
            .should().haveNameMatching("readObject|writeObject|readResolve|writeReplace|readObjectNoData"));
    }

    @Test
    void shouldUseReflectionInNamedClassesOnly()
    {
        check(noClasses().that(ENGINE).and(notIn(REFLECTION))
            .should().dependOnClassesThat().resideInAPackage("java.lang.reflect..")
            .orShould().accessTargetWhere(calls("java.lang.Class", "forName"))
            .orShould().accessTargetWhere(calls("java.lang.ClassLoader", "loadClass")));
    }

    @Test
    void shouldAskTheTimeOfDayInNamedClassesOnly()
    {
        check(noClasses().that(ENGINE).and(notIn(CLOCKS))
            .should().accessTargetWhere(calls("java.lang.System", "currentTimeMillis"))
            .orShould().accessTargetWhere(calls("java.time.Instant", "now"))
            .orShould().accessTargetWhere(calls("java.time.LocalDateTime", "now"))
            .orShould().accessTargetWhere(calls("java.time.ZonedDateTime", "now")));
    }

    @Test
    void shouldAskForChanceInNamedClassesOnly()
    {
        check(noClasses().that(ENGINE).and(notIn(CHANCE))
            .should().accessTargetWhere(calls("java.util.UUID", "randomUUID"))
            .orShould().accessTargetWhere(calls("java.lang.Math", "random"))
            .orShould().accessTargetWhere(calls("java.util.concurrent.ThreadLocalRandom", "current")));
    }

    private static void check(final ArchRule rule)
    {
        rule.allowEmptyShould(true).check(CLASSES);
    }

    /** Named after the jar or the directory that the class was read from; empty for a class that is not ours. */
    private static String module(final JavaClass type)
    {
        final String source = type.getSource().map((from) -> from.getUri().toString()).orElse("");
        final Matcher matcher = MODULE.matcher(source);
        String module = "";
        if (type.getPackageName().startsWith("io.millrace") && matcher.find())
        {
            module = Objects.requireNonNullElse(matcher.group(1), matcher.group(2));
        }
        return module;
    }

    private static DescribedPredicate<JavaClass> inModule(final String name)
    {
        return DescribedPredicate.describe("in module " + name, (type) -> name.equals(module(type)));
    }

    private static DescribedPredicate<JavaClass> notIn(final Set<String> names)
    {
        return DescribedPredicate.describe(
            "not among " + names,
            (type) -> !names.contains(type.getName().replaceFirst("\\$.*", "")));
    }

    private static DescribedPredicate<JavaClass> isVisible()
    {
        return DescribedPredicate.describe(
            "visible to users",
            (type) -> Stream.iterate(type, Objects::nonNull, (inner) -> inner.getEnclosingClass().orElse(null))
                .allMatch((each) -> each.getModifiers().contains(JavaModifier.PUBLIC)));
    }

    /** By call or by method reference. */
    private static DescribedPredicate<JavaAccess<?>> calls(final String owner, final String method)
    {
        return DescribedPredicate.describe(
            owner + "." + method + " is called",
            (access) -> method.equals(access.getName()) && access.getTargetOwner().isAssignableTo(owner));
    }

    private static final class PackageAssignment implements SliceAssignment
    {
        @Override
        public SliceIdentifier getIdentifierOf(final JavaClass type)
        {
            return type.getPackageName().startsWith("io.millrace") ?
                SliceIdentifier.of(type.getPackageName()) :
                SliceIdentifier.ignore();
        }

        @Override
        public String getDescription()
        {
            return "every package";
        }
    }

    private static final class SeeOnlyModulesBelow extends ArchCondition<JavaClass>
    {
        private SeeOnlyModulesBelow()
        {
            super("see only the modules below its own");
        }

        @Override
        public void check(final JavaClass type, final ConditionEvents events)
        {
            final String from = module(type);
            for (final Dependency dependency : type.getDirectDependenciesFromSelf())
            {
                final String to = module(dependency.getTargetClass().getBaseComponentType());
                if (!to.isEmpty() && !to.equals(from) && !SEES.getOrDefault(from, Set.of()).contains(to))
                {
                    events.add(SimpleConditionEvent.violated(
                        type, from + " must not see " + to + ": " + dependency.getDescription()));
                }
            }
        }
    }

    private static final class ShowOnlyOwnAndJavaTypes extends ArchCondition<JavaMember>
    {
        private static final List<String> OWN = List.of("io.millrace.", "java.");

        private ShowOnlyOwnAndJavaTypes()
        {
            super("show only types of Millrace and of the JDK");
        }

        @Override
        public void check(final JavaMember member, final ConditionEvents events)
        {
            final Set<JavaModifier> modifiers = member.getModifiers();
            if (!modifiers.contains(JavaModifier.PUBLIC) && !modifiers.contains(JavaModifier.PROTECTED))
            {
                return;
            }
            for (final JavaClass shown : shown(member))
            {
                final JavaClass type = shown.getBaseComponentType();
                if (!type.isPrimitive() && OWN.stream().noneMatch(type.getName()::startsWith))
                {
                    events.add(SimpleConditionEvent.violated(
                        member, member.getFullName() + " shows " + type.getName() + ": wrap it in a type of ours"));
                }
            }
        }

        private static Set<JavaClass> shown(final JavaMember member)
        {
            final Set<JavaClass> shown = new HashSet<>();
            if (member instanceof JavaField field)
            {
                shown.addAll(field.getType().getAllInvolvedRawTypes());
            }
            else if (member instanceof JavaCodeUnit codeUnit)
            {
                shown.addAll(codeUnit.getReturnType().getAllInvolvedRawTypes());
                shown.addAll(codeUnit.getExceptionTypes());
                for (final JavaType parameter : codeUnit.getParameterTypes())
                {
                    shown.addAll(parameter.getAllInvolvedRawTypes());
                }
            }
            return shown;
        }
    }
}
