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

import io.millrace.core.ordering.AlignmentGroup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows what holds watermarks back from task to task, up to the source. Any thread, while the job runs: what is read
 * may be of different moments.
 */
final class WatermarkExplanation
{
    private final String job;
    private final Map<String, Subject> subjects = new LinkedHashMap<>();

    /**
     * A task, as far as it matters here.
     *
     * @param task      its name
     * @param operators that run in it
     * @param board     where it shows its watermarks
     * @param source    whether it begins with a source
     * @param assigns   whether it gives its records event time anew
     * @param alignment of its source, or null
     */
    record Subject(
        String task, List<String> operators, WatermarkBoard board, boolean source, boolean assigns, AlignmentGroup.Member alignment)
    {
    }

    WatermarkExplanation(final String job, final List<Subject> tasks)
    {
        this.job = job;
        tasks.forEach(task -> subjects.put(task.task, task));
    }

    List<TaskWatermark> tasks()
    {
        return subjects.values().stream().map(this::task).toList();
    }

    private TaskWatermark task(final Subject subject)
    {
        final List<String> path = new ArrayList<>();
        final String reason = follow(subject, path);
        return new TaskWatermark(subject.task, subject.operators, subject.board.taken(), subject.board.arriving(),
            subject.board.channels(), subject.source ? subject.board.sourceState() : null, List.copyOf(path), reason);
    }

    /** Goes from a task to what feeds it as long as that is what it waits for; why the last one does not move. */
    private String follow(final Subject subject, final List<String> path)
    {
        path.add(subject.task);
        final WatermarkBoard board = subject.board;
        if (board.taken() < board.arriving())
        {
            return "its operators take watermark=" + text(board.arriving()) + " now, or its outputs are full";
        }
        if (board.taken() == Long.MAX_VALUE)
        {
            return "its input has ended";
        }
        if (subject.source)
        {
            return source(subject);
        }
        if (subject.assigns)
        {
            return board.taken() == Long.MIN_VALUE ? "it gives event time anew, and no watermark came of its records yet" :
                "it gives event time anew, and its watermark is that of its records";
        }
        return channel(subject, path);
    }

    private String channel(final Subject subject, final List<String> path)
    {
        for (final ChannelWatermark channel : subject.board.channels())
        {
            if (channel.holdsBack())
            {
                final Subject upstream = subjects.get(channel.task());
                if (upstream.board.taken() > channel.watermark())
                {
                    return "it has not read watermark=" + text(upstream.board.taken()) + " of " + channel.task() +
                        " yet: there are records before it, or others have to go first";
                }
                return follow(upstream, path);
            }
        }
        return "all its channels are idle";
    }

    private static String source(final Subject subject)
    {
        final String none = subject.board.taken() == Long.MIN_VALUE ? "no watermark yet" : "its watermark is that of its records";
        return switch (subject.board.sourceState())
        {
            case ACTIVE -> "source: " + none;
            case IDLE -> "source: idle, " + none;
            case ENDED -> "source: has ended";
            case WAITING -> "source: waits in alignment group " + subject.alignment.group() + " for " +
                subject.alignment.waitsFor();
        };
    }

    private static String text(final long watermark)
    {
        return watermark == Long.MIN_VALUE ? "none" : watermark == Long.MAX_VALUE ? "end" : Long.toString(watermark);
    }

    /** The same for people. */
    String explain()
    {
        final StringBuilder text = new StringBuilder("watermarks of job ").append(job).append(":\n");
        for (final TaskWatermark task : tasks())
        {
            text.append("  task ").append(task.task()).append(": watermark=").append(text(task.watermark()))
                .append(", operators ").append(String.join(" -> ", task.operators())).append('\n');
            for (final ChannelWatermark channel : task.channels())
            {
                text.append("      input ").append(channel.input()).append(" from ").append(channel.operator())
                    .append(channel.operator().equals(channel.task()) ? "" : " of task " + channel.task())
                    .append(": watermark=").append(text(channel.watermark()))
                    .append(channel.idle() ? ", idle" : channel.counts() ? "" : ", was idle and has not caught up yet")
                    .append(channel.holdsBack() ? ", holds it back" : "").append('\n');
            }
            text.append("      held back by ").append(String.join(" <- ", task.heldBackBy())).append(": ")
                .append(task.reason()).append('\n');
        }
        return text.toString();
    }
}
