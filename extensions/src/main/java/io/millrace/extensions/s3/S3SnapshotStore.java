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

import io.millrace.checkpoint.store.ForwardingSnapshotStore;
import io.millrace.checkpoint.store.LocalSnapshotStore;
import io.millrace.checkpoint.store.SnapshotStoreContext;

/** The store that a local directory has, on the files of a bucket. The I/O thread. */
final class S3SnapshotStore extends ForwardingSnapshotStore
{
    private final ObjectFiles files;

    S3SnapshotStore(final SnapshotStoreContext context, final ObjectFiles files)
    {
        super(LocalSnapshotStore.open(context.directory(null).files(files)));
        this.files = files;
    }

    ObjectFiles files()
    {
        return files;
    }

    @Override
    public boolean wasClean()
    {
        return files.wasClean();
    }

    @Override
    public void markClean()
    {
        super.markClean();
        files.markClean();
    }

    @Override
    public void close()
    {
        try
        {
            super.close();
        }
        finally
        {
            files.close();
        }
    }
}
