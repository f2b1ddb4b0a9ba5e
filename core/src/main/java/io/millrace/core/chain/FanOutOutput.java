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
package io.millrace.core.chain;

import io.millrace.core.operator.Output;

/**
 * Sends each record to several outputs, in the order in which the streams were declared.
 */
public final class FanOutOutput implements Output
{
    private final Output[] outputs;
    private final long hotSlot;

    /**
     * An edge that splits.
     *
     * @param outputs that each record goes to
     * @param hotSlot address of a slot of the edge's own
     */
    public FanOutOutput(final Output[] outputs, final Long hotSlot)
    {
        this.outputs = outputs;
        this.hotSlot = hotSlot;
    }

    @Override
    public long claim()
    {
        return hotSlot;
    }

    @Override
    public boolean commit()
    {
        return forward(hotSlot);
    }

    @Override
    public boolean forward(final long slot)
    {
        boolean goOn = true;
        for (final Output output : outputs)
        {
            goOn &= output.forward(slot);
        }
        return goOn;
    }
}
