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
package io.millrace.operators.window.triggered;

import io.millrace.operators.trigger.Trigger;

/**
 * Which windows there are, when they fire and how long they stay.
 *
 * @param assigner of the windows
 * @param trigger  says when they fire
 * @param lateness how late a record may be, in the pipeline's unit, 0 or more
 * @param lateTag  of the side output for records that are too late; empty to drop and count them
 * @param <V>      read-only view of the records
 */
public record TriggeredWindow<V>(WindowAssigner assigner, Trigger<? super V> trigger, long lateness, String lateTag)
{
}
