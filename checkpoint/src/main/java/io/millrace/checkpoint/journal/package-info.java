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
 * The journal: an append-only, checksummed record of what came in or went out, on Chronicle Queue (an optional
 * dependency).
 *
 * <pre>
 *   claim, commit, flush                                                          poll, nextRecord, position
 *          |                                                                                  ^
 *   JournalWriter --- one document a frame ---&gt; queue files --- FrameCursor ---&gt; JournalReader
 *     a frame in anonymous memory             mapped, page cache      checks every frame        slots where they lie
 *
 *   journal/
 *     lock                                                       one writer; did the last one stop cleanly?
 *     incarnation-0000000001-frame-0000000000000000000/          frames 0 to 41: SCHEMA, DATA, DATA, ... and a torn tail
 *     incarnation-0000000002-frame-0000000000000000042/          goes on at 42: SCHEMA, DATA, ..., END
 * </pre>
 *
 * Start with {@link io.millrace.checkpoint.journal.JournalWriter}, {@link
 * io.millrace.checkpoint.journal.JournalReader}.
 *
 * A queue cannot be truncated, and a damaged document header would lead an appender astray, so each incarnation of the
 * writer has a queue of its own, and a damaged one is never written to again. The directory's name says which frame the
 * incarnation goes on at, which cuts everything from there on off the ones before. Only the writer opens the queue; readers
 * map its files.
 */
package io.millrace.checkpoint.journal;
