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
package io.millrace.core.savepoint;

/**
 * What becomes of one thing when a job begins from a savepoint.
 *
 * @param uid     of the operator or source; empty for the job
 * @param state   name of the state; empty for the operator or source itself
 * @param outcome what becomes of it
 * @param text    says more; for what is refused, why and the remedy
 */
public record RestoreFinding(String uid, String state, RestoreOutcome outcome, String text)
{
}
