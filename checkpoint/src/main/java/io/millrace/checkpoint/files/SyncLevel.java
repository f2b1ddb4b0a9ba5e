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
package io.millrace.checkpoint.files;

/**
 * What a promise to have stored something survives. It is a level of the job: journals and checkpoints use the same
 * one.
 */
public enum SyncLevel
{
    /** The end of the process, however it comes: everything is in the page cache. No fsync. */
    PROCESS,
    /** Also a crash of the operating system and the loss of power: everything was fsynced. */
    DURABLE
}
