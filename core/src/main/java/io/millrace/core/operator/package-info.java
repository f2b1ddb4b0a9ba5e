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
 * The contracts between the engine and an operator: what a step of a chain is told, and how it passes records on.
 *
 * <pre>
 *   Source --commit--> Output --process--> Operator --commit--> Output --> ...
 *
 *   {@link io.millrace.core.operator.BatchOperator} takes several records at once
 *   {@link io.millrace.core.operator.MultipleInputOperator} tells its inputs apart
 *   {@link io.millrace.core.operator.UnionStateOperator} gives every instance the state of all at a restore
 *   {@link io.millrace.core.operator.DrainingOperator} is drained before new input
 *   {@link io.millrace.core.operator.OperatorFactory} makes one instance a subtask, from its own copy of the class
 * </pre>
 *
 * Everything here is named by isolated operator classes, and so is public.
 */
package io.millrace.core.operator;
