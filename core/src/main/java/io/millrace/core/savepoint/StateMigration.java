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
 * Makes the values of a state from those that a savepoint has.
 */
@FunctionalInterface
public interface StateMigration
{
    /**
     * Makes one value.
     *
     * @param stored  address of the stored value, to be read only, valid during the call
     * @param current address of the new value, valid during the call; when only fields were appended to its record it is
     *                filled already, the new fields with zeros, else it is zeros
     */
    void migrate(long stored, long current);
}
