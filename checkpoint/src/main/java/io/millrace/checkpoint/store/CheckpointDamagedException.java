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
package io.millrace.checkpoint.store;

import java.util.List;

/**
 * There are checkpoints, and none of them can be used. Starting without one would lose state silently, so it is an
 * error.
 */
public class CheckpointDamagedException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final transient List<DamagedCheckpoint> damaged;

    CheckpointDamagedException(final String message, final List<DamagedCheckpoint> damaged)
    {
        super(message);
        this.damaged = List.copyOf(damaged);
    }

    /**
     * @return what is damaged and why, newest first
     */
    public List<DamagedCheckpoint> damaged()
    {
        return damaged;
    }
}
