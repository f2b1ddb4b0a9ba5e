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
package io.millrace.core.operator;

import io.millrace.core.state.BlobReader;

import java.util.List;

/**
 * A source that can go on when the number of its instances changes: each is told the positions of all instances of before, and
 * goes on with its part of what they have not emitted. The parts of all instances together are all of that, and no two have the
 * same. The watermark of each is that of the instance of before that was furthest behind, and goes on from there.
 */
public interface RescalableSource extends Source
{
    /**
     * Goes on from what the instances of before wrote with {@link #snapshot}. Called in place of {@link #restore}, after
     * {@link #open}, whose context says how many instances there are now.
     *
     * @param positions over what each instance wrote, in their order; at least one. All that was written is to be read
     */
    void restoreRescaled(List<BlobReader> positions);
}
