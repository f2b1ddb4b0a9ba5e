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

import java.util.List;

/**
 * How far event time has got in a task, and what holds it back. The operators of a task have one watermark.
 *
 * @param task       name of the task
 * @param operators  that run in it, the first of which is a source or is fed by the channels
 * @param watermark  that all its operators have taken, and that was sent on; {@link Long#MIN_VALUE} when there was none
 *                   since the start or restart
 * @param arriving   that has come and that the operators take now: the merged one of the channels, or the source's own;
 *                   otherwise as {@code watermark}
 * @param channels   that feed the task, none for a source
 * @param source     what the source does, null for a task without source
 * @param heldBackBy the tasks from this one to the one that has to move first, which mostly is a source; this one
 *                   alone when it holds itself back
 * @param reason     why the last of those does not move
 */
public record TaskWatermark(
    String task,
    List<String> operators,
    long watermark,
    long arriving,
    List<ChannelWatermark> channels,
    SourceState source,
    List<String> heldBackBy,
    String reason)
{
}
