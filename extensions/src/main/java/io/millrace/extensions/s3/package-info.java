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
 * Checkpoints in an object store that speaks S3's protocol.
 *
 * <pre>
 *   Checkpoints.on({@link io.millrace.extensions.s3.S3Snapshots}, directory)
 *        opens  S3SnapshotStore --> LocalSnapshotStore (chains, manifests, retention) --> ObjectFiles (a flat directory)
 *
 *   prefix/directory                 which objects are the files of the directory, and whose it is:  Listing
 *   prefix/0000000000000003/NAME     a file that life 3 of the job has written                        ObjectBucket
 * </pre>
 *
 * Objects are never changed, and nobody sees one before the listing names it: putting the listing, on the condition that
 * it is the one that was read or put last, is what renames a manifest into place. An earlier life of the job that is still
 * there fails at that condition.
 */
package io.millrace.extensions.s3;
