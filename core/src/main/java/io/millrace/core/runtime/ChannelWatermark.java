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

/**
 * What has come to a task on one of its channels.
 *
 * @param input     which input of the task's first operator the channel feeds, from 0
 * @param operator  that sends
 * @param task      that the operator runs in
 * @param watermark that came last; {@link Long#MIN_VALUE} when none has come since the start or restart
 * @param idle      whether the channel is left out as long as it is idle
 * @param counts    whether the task's watermark waits for the channel: it is not idle, and since it was it has caught up
 * @param holdsBack whether it is the one, or one of those, that the task's watermark stands still for
 */
public record ChannelWatermark(
    int input, String operator, String task, long watermark, boolean idle, boolean counts, boolean holdsBack)
{
}
