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
package io.millrace.extensions.s3;

import io.millrace.checkpoint.store.SnapshotStore;
import io.millrace.checkpoint.store.SnapshotStoreContext;
import io.millrace.checkpoint.store.SnapshotStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** The contract that the store in a local directory is held to. */
class S3SnapshotStoreTest extends SnapshotStoreContract
{
    private static S3Server server;

    private S3SnapshotStore store;

    @BeforeAll
    static void start()
    {
        server = new S3Server();
    }

    @AfterAll
    static void stop()
    {
        server.close();
    }

    @BeforeEach
    void clear()
    {
        server.keys().forEach(key -> server.blobs().removeBlob(S3Server.BUCKET, S3Server.PREFIX + '/' + key));
    }

    @Override
    protected SnapshotStore open(final SnapshotStoreContext context)
    {
        store = (S3SnapshotStore)server.snapshots().open(context);
        return store;
    }

    @Override
    protected int files()
    {
        return store.files().list().size();
    }
}
