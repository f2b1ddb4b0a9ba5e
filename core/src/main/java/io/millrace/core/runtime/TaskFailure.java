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

import io.millrace.memory.record.SlotDescriptor;

/**
 * What went wrong in a task: the operator is found by the name of the class loader that its isolated class, or what it
 * calls, is seen with in the stack trace.
 */
final class TaskFailure
{
    private TaskFailure()
    {
    }

    static JobFailedException describe(final String job, final Task task, final Throwable throwable)
    {
        final ChainNode node = failedNode(task, throwable);
        final StringBuilder message =
            new StringBuilder("job ").append(job).append(" failed: task=").append(task.roleName());
        final String source = node == null && task.sourceUid() != null ? failedSource(task, throwable) : null;
        if (source != null)
        {
            message.append(" operator=").append(source).append(" record at position=")
                .append(((SourceInput)task.input()).nextCause());
        }
        if (node != null)
        {
            message.append(" operator=").append(node.name);
            final long slot = node.operator.currentSlot();
            if (slot != 0)
            {
                final long cause = SlotDescriptor.cause(slot);
                message.append(" record at position=").append(cause)
                    .append(" timestamp=").append(SlotDescriptor.timestamp(slot));
                final String record = node.operator.currentRecord();
                message.append(record == null ? "" : " record=" + record);
            }
        }
        return new JobFailedException(message.append(": ").append(throwable).toString(), throwable);
    }

    private static ChainNode failedNode(final Task task, final Throwable throwable)
    {
        for (final StackTraceElement frame : throwable.getStackTrace())
        {
            for (final ChainNode node : task.chain().nodes())
            {
                if (node.name.equals(frame.getClassLoaderName()))
                {
                    return node;
                }
            }
        }
        return null;
    }

    /** The source's name, when its isolated class is in the stack trace. */
    private static String failedSource(final Task task, final Throwable throwable)
    {
        final String role = task.roleName();
        for (final StackTraceElement frame : throwable.getStackTrace())
        {
            final String loader = frame.getClassLoaderName();
            if (role.equals(loader) || role.equals(loader + '-' + task.subtask()))
            {
                return loader;
            }
        }
        return null;
    }
}
