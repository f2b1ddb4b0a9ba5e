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
 * Event time: where it comes from and how far it has got.
 *
 * <pre>
 *   record --timestamp--> {@link io.millrace.core.time.WatermarkStrategy} --"no more at or below"--> watermark
 *                                 |
 *                                 +-- {@link io.millrace.core.time.WatermarkGenerator} of the application's, or a bound
 *                                 +-- {@link io.millrace.core.time.WatermarkAlignment}: which sources wait for each other
 *
 *   watermarks of several channels --> {@link io.millrace.core.time.WatermarkValve} --> the least of them
 * </pre>
 */
package io.millrace.core.time;
