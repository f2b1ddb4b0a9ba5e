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
 * The order in which the sources of a job took turns, kept beside its checkpoints.
 *
 * <pre>
 *   log thread --onEntry, flush--&gt; {@link io.millrace.checkpoint.order.OrderFiles} --frames of runs--&gt; order-0000000001-...
 *   next life  &lt;--replay----------  OrderFileReader checks every frame        one file a life, and a new one after 16 MiB
 * </pre>
 *
 * A file goes on at the batch in its name, which cuts off what the files before hold from there on: the torn tail of a
 * life that was killed is never written to again. Files that no retained checkpoint needs are deleted, unless the
 * whole order is to be kept.
 */
package io.millrace.checkpoint.order;
