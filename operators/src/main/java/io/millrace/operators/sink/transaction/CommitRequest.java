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
 * One committable that a {@link Committer} is asked to commit; a request that nothing is said of is committed (SEMANTICS.md 2PC-8,
 * Flink's {@code Committer.CommitRequest}). The task's thread, during the call of {@link Committer#commit}.
 *
 * @param <C> committable
 */
public interface CommitRequest<C>
{
    /**
     * What is to be committed.
     *
     * @return the committable
     */
    C committable();

    /**
     * How often this was asked before in this life, without success.
     *
     * @return 0 the first time
     */
    int numberOfRetries();

    /** Has it asked again, with {@link #numberOfRetries()} one higher. */
    void retryLater();

    /**
     * Has it asked again with another committable, of what is left to do.
     *
     * @param committable in place of the one before
     */
    void updateAndRetryLater(C committable);

    /** Says that it was committed in an earlier attempt or life: as good as committed now. */
    void signalAlreadyCommitted();

    /**
     * Gives it up for a reason that is understood: it is logged as an error, what it holds is lost, and the job goes on.
     *
     * @param cause why it cannot be committed
     */
    void signalFailedWithKnownReason(Throwable cause);

    /**
     * Fails the job: it is committed in its next life, or the failure comes again.
     *
     * @param cause why it was not committed
     */
    void signalFailedWithUnknownReason(Throwable cause);
}
