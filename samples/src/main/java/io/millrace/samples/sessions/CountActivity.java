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
package io.millrace.samples.sessions;

import io.millrace.operators.function.AggregateFunction;

/** Counts events and pushes. A session that a late event makes of two is the sum of both. */
final class CountActivity implements AggregateFunction<Event, Activity, ActivityFlyweight>
{
    @Override
    public void add(final ActivityFlyweight activity, final Event event)
    {
        activity.events(activity.events() + 1).pushes(activity.pushes() + (SessionsSample.isPush(event) ? 1 : 0));
    }

    @Override
    public void merge(final ActivityFlyweight activity, final Activity other)
    {
        activity.events(activity.events() + other.events()).pushes(activity.pushes() + other.pushes());
    }
}
