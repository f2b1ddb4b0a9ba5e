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
package io.millrace.core.runtime;

import io.millrace.core.runtime.TaskAssembly.KeyedEdge;
import io.millrace.memory.record.Flyweight;
import io.millrace.memory.record.SlotDescriptor;

/**
 * What went wrong in a task: the operator is found by the name of the class loader that its isolated class is seen with
 * in the stack trace, and tells which record it was working on. Where the key of a record fails on its way out of the
 * task, the edge tells.
 */
final class TaskFailure
{
    private TaskFailure()
    {
    }

    static JobFailedException describe(final String job, final Task task, final Throwable throwable)
    {
        final StringBuilder message =
            new StringBuilder("job ").append(job).append(" failed: task=").append(task.roleName());
        try
        {
            place(task, throwable.getStackTrace(), message);
        }
        catch (final RuntimeException | Error exception)
        {
            message.append(" (its record cannot be shown: ").append(exception).append(')');
        }
        return new JobFailedException(message.append(": ").append(throwable).toString(), throwable);
    }

    /** Where a thread is that steps a task: operator or source and record, as a message has them. */
    static String place(final Task task, final StackTraceElement[] frames)
    {
        final StringBuilder message = new StringBuilder();
        try
        {
            place(task, frames, message);
        }
        catch (final RuntimeException | Error exception)
        {
            message.append(" (its record cannot be shown: ").append(exception).append(')');
        }
        return message.toString();
    }

    private static void place(final Task task, final StackTraceElement[] frames, final StringBuilder message)
    {
        if (frames.length == 0)
        {
            message.append(" (the JVM left the stack trace out: -XX:-OmitStackTraceInFastThrow keeps it)");
        }
        for (final KeyedEdge edge : task.keyedEdges())
        {
            if (edge.output().currentSlot() != 0)
            {
                key(edge, message);
                return;
            }
        }
        for (final StackTraceElement frame : frames)
        {
            for (final ChainNode node : task.chain().nodes())
            {
                if (node.name.equals(frame.getClassLoaderName()))
                {
                    operator(node, message);
                    return;
                }
            }
            if (task.input() instanceof SourceInput source && source.name().equals(frame.getClassLoaderName()))
            {
                source(source, message);
                return;
            }
        }
    }

    /** A source failed, or its timestamp assigner or watermark generator did, of which the record is known. */
    private static void source(final SourceInput source, final StringBuilder message)
    {
        if (source.eventTime().currentSlot() == 0)
        {
            message.append(" source=").append(source.name()).append(" after position=").append(source.lastCause());
            return;
        }
        message.append(" event time of source=").append(source.name());
        // A record of one of several sources has no position until its turn has come.
        if (source.severalSources())
        {
            message.append(" after position=").append(source.lastCause()).append(" record number=").append(source.staged() + 1);
        }
        else
        {
            message.append(" record at position=").append(source.lastCause() + 1);
        }
        message.append(" record=").append(source.eventTime().show(source.eventTime().currentSlot()));
    }

    private static void key(final KeyedEdge edge, final StringBuilder message)
    {
        final long slot = edge.output().currentSlot();
        final Flyweight record = edge.type().newFlyweight();
        record.wrapUnchecked(slot + SlotDescriptor.HEADER_LENGTH);
        message.append(edge.from().source() == null ? " operator=" : " source=").append(edge.from().name());
        record(slot, record.toString(), message);
    }

    private static void operator(final ChainNode node, final StringBuilder message)
    {
        message.append(" operator=").append(node.name);
        final long slot = node.operator.currentSlot();
        if (slot != 0)
        {
            record(slot, node.operator.currentRecord(), message);
        }
    }

    private static void record(final long slot, final String record, final StringBuilder message)
    {
        message.append(" record at position=").append(SlotDescriptor.cause(slot))
            .append(" timestamp=").append(SlotDescriptor.timestamp(slot));
        if (record != null)
        {
            message.append(" record=").append(record);
        }
    }
}
