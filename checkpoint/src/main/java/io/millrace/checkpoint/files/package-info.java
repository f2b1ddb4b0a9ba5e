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
 * The floor that journals and checkpoints stand on: who may write in a directory, how files are made, and checksums of
 * raw memory.
 *
 * <pre>
 *   journal.*      store.*
 *      |              |
 *      +------+-------+----------------+----------------------+
 *             v                        v                      v
 *   DirectoryLock              PrivateFiles           AddressBuffer
 *   one writer, clean stop?    0700, 0600, fsync      memory as a buffer, CRC32C
 *
 *   StorageFullException: ask again later (SpaceWait: when)    StorageFailedException: the job fails
 * </pre>
 *
 * Start with {@link io.millrace.checkpoint.files.DirectoryLock}, {@link io.millrace.checkpoint.files.PrivateFiles},
 * {@link io.millrace.checkpoint.files.AddressBuffer}, {@link io.millrace.checkpoint.files.StorageFullException},
 * {@link io.millrace.checkpoint.files.StorageFailedException}.
 */
package io.millrace.checkpoint.files;
