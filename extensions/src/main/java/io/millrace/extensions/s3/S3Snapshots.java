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
import io.millrace.checkpoint.store.SnapshotStoreFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where the checkpoints of one job lie in an S3-compatible store.
 * <pre>
 *   new JobConfig().checkpointing(Checkpoints
 *       .on(S3Snapshots.in("bucket", "jobs/orders").endpoint(URI.create("https://store:9000")), directory)
 *       .every(Duration.ofSeconds(10)))
 * </pre>
 * A store that cannot be reached declines checkpoints, and the job runs on; when the job starts it must be reachable. The
 * I/O thread waits for each request, at most {@link #requestTimeout}. Who starts a job takes the prefix over: an earlier
 * life that still runs fails at its next checkpoint. Parts of long objects that a crash leaves behind are for the
 * bucket's rule for incomplete uploads.
 */
public final class S3Snapshots implements SnapshotStoreFactory
{
    private static final Pattern PREFIX = Pattern.compile("(?!(.*/)?\\.{1,2}(/.*)?$)[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");
    private static final int MIN_PART_LENGTH = 5 << 20;

    private final String bucket;
    private final String prefix;
    private URI endpoint;
    private String region = "us-east-1";
    private AwsCredentialsProvider credentials;
    private boolean pathStyle = true;
    private Duration requestTimeout = Duration.ofSeconds(20);
    private Duration firstPause = Duration.ofMillis(100);
    private int attempts = 4;
    private int partLength = 8 << 20;

    private S3Snapshots(final String bucket, final String prefix)
    {
        this.bucket = bucket;
        this.prefix = prefix;
    }

    /**
     * Checkpoints of one job.
     *
     * @param bucket that is there
     * @param prefix of this job alone: names of {@code [A-Za-z0-9._-]+} with slashes between
     * @return where they lie
     */
    public static S3Snapshots in(final String bucket, final String prefix)
    {
        if (!PREFIX.matcher(prefix).matches())
        {
            throw new IllegalArgumentException("prefix=" + prefix + " of checkpoints in bucket=" + bucket +
                " must match " + PREFIX.pattern() + ": leave slashes at its ends out, and the names . and ..");
        }
        return new S3Snapshots(Objects.requireNonNull(bucket, "bucket"), prefix);
    }

    /**
     * Says where the store is.
     *
     * @param uri of the store; without it that of AWS in the region
     * @return this
     */
    public S3Snapshots endpoint(final URI uri)
    {
        endpoint = Objects.requireNonNull(uri, "endpoint");
        return this;
    }

    /**
     * Says which region the bucket is in.
     *
     * @param name of the region, by default us-east-1, which stores other than AWS take as well
     * @return this
     */
    public S3Snapshots region(final String name)
    {
        region = Objects.requireNonNull(name, "region");
        return this;
    }

    /**
     * Says who asks.
     *
     * @param provider of the credentials; without it the client looks where it always does
     * @return this
     */
    public S3Snapshots credentials(final AwsCredentialsProvider provider)
    {
        credentials = Objects.requireNonNull(provider, "credentials");
        return this;
    }

    /**
     * Has the bucket be part of the host's name.
     *
     * @return this
     */
    public S3Snapshots virtualHosts()
    {
        pathStyle = false;
        return this;
    }

    /**
     * How long one request may take with all its retries. A checkpoint makes several, one for each part of
     * {@link #partLength} bytes and three more.
     *
     * @param time by default 20 seconds
     * @return this
     */
    public S3Snapshots requestTimeout(final Duration time)
    {
        if (time.isNegative() || time.isZero())
        {
            throw new IllegalArgumentException("requestTimeout=" + time + " must be above 0");
        }
        requestTimeout = time;
        return this;
    }

    /**
     * How often a request is made before it is given up.
     *
     * @param count by default 4
     * @param pause before the second time, twice as long before the third, and so on, by chance shorter; by default 100 ms
     * @return this
     */
    public S3Snapshots attempts(final int count, final Duration pause)
    {
        if (count < 1 || pause.isNegative() || pause.isZero())
        {
            throw new IllegalArgumentException("attempts=" + count + " pause=" + pause + " must be 1 or more, and above 0");
        }
        attempts = count;
        firstPause = pause;
        return this;
    }

    /**
     * How long the parts of long objects are. One or two are held on the heap. An object has 10,000 parts at most.
     *
     * @param bytes at least 5 MiB, by default 8 MiB
     * @return this
     */
    public S3Snapshots partLength(final int bytes)
    {
        if (bytes < MIN_PART_LENGTH)
        {
            throw new IllegalArgumentException("partLength=" + bytes + " must be at least " + MIN_PART_LENGTH +
                ", which is the least that S3 takes");
        }
        partLength = bytes;
        return this;
    }

    @Override
    public SnapshotStore open(final SnapshotStoreContext context)
    {
        final ObjectBucket objects = new ObjectBucket(client(), bucket);
        boolean opened = false;
        try
        {
            final String owner = UUID.randomUUID().toString();
            final SnapshotStore store =
                new S3SnapshotStore(context, ObjectFiles.open(objects, prefix, owner, partLength));
            opened = true;
            return store;
        }
        finally
        {
            if (!opened)
            {
                objects.close();
            }
        }
    }

    private S3Client client()
    {
        final StandardRetryStrategy retries = AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(attempts)
            .backoffStrategy(BackoffStrategy.exponentialDelay(firstPause, requestTimeout))
            .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(firstPause, requestTimeout))
            .circuitBreakerEnabled(false).build();
        final S3ClientBuilder builder = S3Client.builder()
            .region(Region.of(region))
            .forcePathStyle(pathStyle)
            // Every block has a checksum of ours; some stores do not know those of the client.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClientBuilder(UrlConnectionHttpClient.builder()
                .connectionTimeout(requestTimeout).socketTimeout(requestTimeout))
            .overrideConfiguration(override -> override.apiCallTimeout(requestTimeout).retryStrategy(retries));
        if (endpoint != null)
        {
            builder.endpointOverride(endpoint);
        }
        if (credentials != null)
        {
            builder.credentialsProvider(credentials);
        }
        return builder.build();
    }
}
