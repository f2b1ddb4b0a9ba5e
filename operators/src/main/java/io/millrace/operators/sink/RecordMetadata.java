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
package io.millrace.operators.sink;

/**
 * What the engine knows of a record. (cause, ordinal) is its identity: a replay gives the same record the same.
 */
public interface RecordMetadata
{
    /**
     * Event time.
     *
     * @return in the pipeline's time unit
     */
    long timestamp();

    /**
     * Position of the input that caused the record.
     *
     * @return the cause
     */
    long cause();

    /**
     * Which of the records with this cause it is.
     *
     * @return from 0
     */
    int ordinal();

    /**
     * When the input that caused the record entered the engine.
     *
     * @return as of {@link System#nanoTime()}
     */
    long ingressTime();
}
