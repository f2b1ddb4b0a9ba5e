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
package io.millrace.operators.sink.transaction;

/**
 * A transaction, its name, and when it was begun. Not for applications.
 *
 * @param name        of the transaction
 * @param begun       in milliseconds of the sink's clock; 0 where there is no timeout
 * @param transaction as the target made it
 * @param <T>         a transaction
 */
public record NamedTransaction<T>(TransactionName name, long begun, T transaction)
{
}
