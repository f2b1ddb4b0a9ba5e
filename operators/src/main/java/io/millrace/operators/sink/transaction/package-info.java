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
 * Two-phase commit: sinks that show what they were given when a checkpoint that counts on it is complete.
 *
 * <pre>
 *   TwoPhaseCommitSink      what the user declares
 *        |
 *   TwoPhaseCommitOperator --invoke, preCommit, commit, ...--&gt; TransactionalTarget   files, a database, ...
 *        |                     TransactionScope, TransactionName   whose transaction, which one
 *        +-- current: NamedTransaction
 *        +-- PendingTransactions   by checkpoint, oldest first; committed when one is complete, kept in the snapshot
 *        +-- TransactionTimeout    warns of those that the target will not keep for much longer
 * </pre>
 *
 * Start with {@link io.millrace.operators.sink.transaction.TransactionalTarget}.
 */
package io.millrace.operators.sink.transaction;
