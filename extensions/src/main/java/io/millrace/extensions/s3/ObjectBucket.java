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

import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The requests that are made of the store. Whatever fails after the client's retries is an {@link IOException} that
 * says of which object. The I/O thread.
 */
final class ObjectBucket implements AutoCloseable
{
    private static final int ATTEMPTS = 3;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int NOT_IMPLEMENTED = 501;

    private final S3Client client;
    private final String bucket;

    ObjectBucket(final S3Client client, final String bucket)
    {
        this.client = client;
        this.bucket = bucket;
    }

    /** The condition of a put was not met: the object is not what the caller believes, or its put went on unseen. */
    static final class ConditionFailedException extends IOException
    {
        private static final long serialVersionUID = 1L;

        ConditionFailedException(final String message, final Throwable cause)
        {
            super(message, cause);
        }
    }

    /** The store knows no conditions. */
    static final class NoConditionsException extends IOException
    {
        private static final long serialVersionUID = 1L;

        NoConditionsException(final String message, final Throwable cause)
        {
            super(message, cause);
        }
    }

    /** An object's content. */
    static final class Content
    {
        private final byte[] bytes;
        private final String tag;

        Content(final byte[] bytes, final String tag)
        {
            this.bytes = bytes;
            this.tag = tag;
        }

        byte[] bytes()
        {
            return bytes;
        }

        /** What the store calls this content. */
        String tag()
        {
            return tag;
        }
    }

    /**
     * Reads a small object whole.
     *
     * @throws FileNotFoundException when it is not there
     */
    Content get(final String key) throws IOException
    {
        final ResponseBytes<GetObjectResponse> response =
            getWhole(GetObjectRequest.builder().bucket(bucket).key(key).build());
        return new Content(response.asByteArrayUnsafe(), response.response().eTag());
    }

    /**
     * Reads a piece, all of it.
     *
     * @throws FileNotFoundException when the object is not there
     * @throws EOFException          when it is too short
     */
    byte[] get(final String key, final long position, final int length) throws IOException
    {
        final byte[] bytes = getWhole(GetObjectRequest.builder().bucket(bucket).key(key)
            .range("bytes=" + position + '-' + (position + length - 1)).build()).asByteArrayUnsafe();
        if (bytes.length != length)
        {
            throw new EOFException(name(key) + " has length=" + bytes.length + " from position=" + position +
                " on, not length=" + length);
        }
        return bytes;
    }

    /** An answer may be cut off without an error of the client. */
    private ResponseBytes<GetObjectResponse> getWhole(final GetObjectRequest request) throws IOException
    {
        for (int i = 0; i < ATTEMPTS; i++)
        {
            final ResponseBytes<GetObjectResponse> response =
                attempt("get", request.key(), () -> client.getObjectAsBytes(request));
            final Long promised = response.response().contentLength();
            if (promised == null || promised == response.asByteArrayUnsafe().length)
            {
                return response;
            }
        }
        throw new IOException("cannot get " + name(request.key()) + ": its answers are cut off, attempts=" + ATTEMPTS);
    }

    void put(final String key, final byte[] bytes, final int length) throws IOException
    {
        put(key, bytes, length, UnaryOperator.identity());
    }

    /** Puts an object where there is none; its tag. */
    String putNew(final String key, final byte[] bytes) throws IOException
    {
        return put(key, bytes, bytes.length, request -> request.ifNoneMatch("*"));
    }

    /** Puts an object over the one that has the tag, or any when the tag is null; its tag. */
    String putOver(final String key, final byte[] bytes, final String tag) throws IOException
    {
        return put(key, bytes, bytes.length, request -> request.ifMatch(tag));
    }

    private String put(
        final String key, final byte[] bytes, final int length, final UnaryOperator<PutObjectRequest.Builder> condition)
        throws IOException
    {
        final PutObjectRequest request = condition.apply(PutObjectRequest.builder().bucket(bucket).key(key)).build();
        return attempt("put", key, () -> client.putObject(request, body(bytes, length))).eTag();
    }

    private static RequestBody body(final byte[] bytes, final int length)
    {
        return RequestBody.fromContentProvider(
            () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
    }

    String beginParts(final String key) throws IOException
    {
        return attempt("begin", key, () -> client.createMultipartUpload(request -> request.bucket(bucket).key(key)))
            .uploadId();
    }

    CompletedPart putPart(final String key, final String upload, final int number, final byte[] bytes, final int length)
        throws IOException
    {
        final String tag = attempt("put part " + number, key, () -> client.uploadPart(
            request -> request.bucket(bucket).key(key).uploadId(upload).partNumber(number), body(bytes, length))).eTag();
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    void completeParts(final String key, final String upload, final List<CompletedPart> parts) throws IOException
    {
        attempt("complete", key, () -> client.completeMultipartUpload(request -> request.bucket(bucket).key(key)
            .uploadId(upload).multipartUpload(completed -> completed.parts(parts))));
    }

    void abortParts(final String key, final String upload) throws IOException
    {
        attempt("abort", key, () -> client.abortMultipartUpload(
            request -> request.bucket(bucket).key(key).uploadId(upload)));
    }

    void delete(final String key) throws IOException
    {
        attempt("delete", key, () -> client.deleteObject(request -> request.bucket(bucket).key(key)));
    }

    /** Keys of all objects behind a prefix, page after page. */
    List<String> list(final String prefix) throws IOException
    {
        return attempt("list", prefix, () -> client.listObjectsV2Paginator(
            request -> request.bucket(bucket).prefix(prefix)).contents().stream().map(S3Object::key).toList());
    }

    private <T> T attempt(final String what, final String key, final Supplier<T> request) throws IOException
    {
        try
        {
            return request.get();
        }
        catch (final S3Exception exception)
        {
            final String message = "cannot " + what + ' ' + name(key) + ": status=" + exception.statusCode() + ' ' +
                exception.getMessage();
            switch (exception.statusCode())
            {
                case NOT_FOUND ->
                {
                    final FileNotFoundException notFound = new FileNotFoundException(message);
                    notFound.initCause(exception);
                    throw notFound;
                }
                case RANGE_NOT_SATISFIABLE -> throw new EOFException(message);
                case CONFLICT, PRECONDITION_FAILED -> throw new ConditionFailedException(message, exception);
                case NOT_IMPLEMENTED -> throw new NoConditionsException(message, exception);
                default -> throw new IOException(message, exception);
            }
        }
        catch (final SdkException exception)
        {
            throw new IOException("cannot " + what + ' ' + name(key) + ": " + exception.getMessage(), exception);
        }
    }

    String name(final String key)
    {
        return "s3://" + bucket + '/' + key;
    }

    @Override
    public void close()
    {
        client.close();
    }
}
