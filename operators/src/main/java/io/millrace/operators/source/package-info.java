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
 * Sources within the process, and from files.
 *
 * <pre>
 *   {@link io.millrace.operators.source.Generator}   records as a function of their number
 *   {@link io.millrace.operators.source.CsvSource}   lines of a file:
 *
 *      bytes --LineReader--&gt; line --CsvFields (a CsvLine)--&gt; function --record--&gt; ...
 *                                        '--malformed line--&gt; dead letters
 *
 *   {@link io.millrace.operators.source.Ingress}     what a thread of the application publishes:
 *
 *      Ingress --RecordRing--&gt; IngressSource --IngressFrame--&gt; IngressJournal, when the job has one
 *                    (IngressChannel)    '--stamped records--&gt; ...
 * </pre>
 */
package io.millrace.operators.source;
