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
package io.millrace.laboratory;

/** What is wrong with a job under test, on purpose: the laboratory must notice. */
enum JobFault
{
    NONE,
    /** State that no checkpoint sees. */
    STATE_ON_THE_HEAP,
    /** The output is not compared with what was shown before: it comes again after a restart. */
    OUTPUT_COMES_AGAIN;

    /**
     * Whether an error is about this fault: by the checker, or by the engine, where what comes again differs from what the
     * journal holds.
     *
     * @param noticed what ended a campaign
     */
    boolean isNoticedBy(final AssertionError noticed)
    {
        final Violation.Kind kind = noticed instanceof Violation violation ? violation.kind() : null;
        return this == OUTPUT_COMES_AGAIN ? kind == Violation.Kind.DUPLICATE || kind == Violation.Kind.ORDER :
            kind == Violation.Kind.SUM || String.valueOf(noticed.getMessage()).contains("replay diverged");
    }
}
