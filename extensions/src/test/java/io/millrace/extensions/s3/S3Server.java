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

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** A store in this process, in memory, with a proxy before it. */
final class S3Server implements AutoCloseable
{
    static final String BUCKET = "checkpoints";
    static final String PREFIX = "jobs/test";

    final FaultyProxy proxy;
    private final BlobStore blobs = new TransientNio2BlobStore();
    private final S3Proxy store;

    S3Server()
    {
        try
        {
            store = S3Proxy.builder().blobStore(blobs).endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.NONE, null, null).build();
            store.start();
            blobs.createContainer(BUCKET);
            proxy = new FaultyProxy(URI.create("http://127.0.0.1:" + store.getPort()));
        }
        catch (final Exception exception)
        {
            throw new IllegalStateException("the store for the test cannot be started", exception);
        }
    }

    S3Snapshots snapshots()
    {
        return S3Snapshots.in(BUCKET, PREFIX).endpoint(proxy.uri()).attempts(3, Duration.ofMillis(1))
            .requestTimeout(Duration.ofSeconds(20))
            .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")));
    }

    /** Keys of all objects, without the prefix. */
    List<String> keys()
    {
        return blobs.list(ListObjectsV2Request.builder().bucket(BUCKET).build()).contents().stream()
            .map(S3Object::key).filter(key -> key.startsWith(PREFIX)).map(key -> key.substring(PREFIX.length() + 1)).toList();
    }

    BlobStore blobs()
    {
        return blobs;
    }

    @Override
    public void close()
    {
        proxy.close();
        try
        {
            store.stop();
            blobs.close();
        }
        catch (final Exception exception)
        {
            throw new IllegalStateException("the store for the test cannot be stopped", exception);
        }
    }
}
