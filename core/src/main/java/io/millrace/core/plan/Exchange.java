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
package io.millrace.core.plan;

/** How the records of one operator's instances are dealt to those of the next. */
public enum Exchange
{
    /** From each instance to the one with the same index; chained where it can be. */
    FORWARD,
    /** By key group, so that a key is always with the same instance. */
    HASH,
    /** Every record to every instance. */
    BROADCAST,
    /** In turn. */
    REBALANCE
}
