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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** Names of objects: stores that keep them as files must not be led elsewhere (RELIABILITY S3). */
class S3NamesTest
{
    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a/", "/a", "a//b", ".", "..", "../a", "a/..", "a/../b", "a/./b", "./a", "a/.", "..\\a",
        "%2e%2e/a", "a b", "a\n", "a\u0000", "..;/a", "s3://b/a", "\uFF0E\uFF0E/a"})
    void shouldRefuseWhatIsNoPlainPrefix(final String prefix)
    {
        assertThrows(IllegalArgumentException.class, () -> S3Snapshots.in("bucket", prefix));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "jobs/orders", "a.b/c..d/...", "_-."})
    void shouldTakePlainOnes(final String prefix)
    {
        assertDoesNotThrow(() -> S3Snapshots.in("bucket", prefix));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void shouldRefuseAListingWithNamesThatLeadElsewhere(final String name)
    {
        final byte[] bytes = new Listing(1, "owner", false, Map.of(name, new Listing.StoredFile(1, 1))).encode();
        assertThrows(IllegalArgumentException.class, () -> Listing.decode(bytes));
    }
}
