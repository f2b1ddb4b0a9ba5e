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
/**
 * When a window fires, which of its elements count, and what is made of them: the parts of windows that a user chooses or
 * writes. All of them are called by one task's thread at a time.
 *
 * <pre>
 *   a record, or a timer --> {@link io.millrace.operators.trigger.Trigger} --FIRE-->
 *       {@link io.millrace.operators.trigger.Evictor} --what is left of the elements-->
 *       {@link io.millrace.operators.trigger.ProcessWindowFunction} --results-->
 *
 *   triggers:  EventTimeTrigger, ContinuousEventTimeTrigger, CountTrigger, PurgingTrigger, NeverTrigger
 *   evictors:  CountEvictor, TimeEvictor, DeltaEvictor
 * </pre>
 */
package io.millrace.operators.trigger;
