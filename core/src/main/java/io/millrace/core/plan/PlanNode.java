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
package io.millrace.core.plan;

import io.millrace.core.failure.ErrorPolicy;
import io.millrace.core.operator.DecodingSource;
import io.millrace.core.operator.Operator;
import io.millrace.core.operator.OperatorFactory;
import io.millrace.core.operator.SkippingOperator;
import io.millrace.core.operator.Source;
import io.millrace.core.time.WatermarkStrategy;
import io.millrace.memory.record.RecordType;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A source, an operator or a sink of the plan. Mutable until the plan is built.
 */
public final class PlanNode
{
    /** Tag of the side output that failed records go to, when somebody takes them. */
    public static final String DEAD_LETTERS = "millrace.deadLetters";

    private final int id;
    private final OperatorFactory<Source> source;
    private final OperatorFactory<Operator> operator;
    private final RecordType<?, ?> outputType;
    private final Map<String, RecordType<?, ?>> sideOutputs = new LinkedHashMap<>();
    private String name;
    private String uid;
    private int parallelism;
    private boolean chaining = true;
    private boolean stateful;
    private boolean windowed;
    private boolean oneInstance;
    private boolean timed;
    private String arrivalReason;
    private ErrorPolicy errorPolicy = ErrorPolicy.fail();
    private WatermarkStrategy<?> watermarks;

    PlanNode(
        final int id,
        final String name,
        final OperatorFactory<Source> source,
        final OperatorFactory<Operator> operator,
        final WatermarkStrategy<?> watermarks,
        final RecordType<?, ?> outputType,
        final int parallelism)
    {
        this.id = id;
        this.name = name;
        this.source = source;
        this.operator = operator;
        this.watermarks = watermarks;
        this.outputType = outputType;
        this.parallelism = parallelism;
    }

    /**
     * Position in the plan.
     *
     * @return from 0, sources before what they feed
     */
    public int id()
    {
        return id;
    }

    /**
     * Name for people.
     *
     * @return as given or derived
     */
    public String name()
    {
        return name;
    }

    /**
     * Gives another name.
     *
     * @param newName for people, not empty
     * @return this
     */
    public PlanNode name(final String newName)
    {
        if (newName.isBlank())
        {
            throw new IllegalArgumentException("name of operator " + name +
                " is blank: give it a name of at least one letter");
        }
        name = newName;
        return this;
    }

    /**
     * Identity of the state across restarts.
     *
     * @return as given, or derived from the name
     */
    public String uid()
    {
        return uid == null ? name : uid;
    }

    /**
     * Gives the identity.
     *
     * @param newUid unique in the pipeline
     * @return this
     */
    public PlanNode uid(final String newUid)
    {
        if (newUid.isBlank())
        {
            throw new IllegalArgumentException("uid of operator " + name + " is blank: give it at least one letter");
        }
        uid = newUid;
        return this;
    }

    /**
     * Whether the uid was given by the user.
     *
     * @return false when it is derived from the name
     */
    boolean uidGiven()
    {
        return uid != null;
    }

    /**
     * Number of parallel instances.
     *
     * @return 1 or more
     */
    public int parallelism()
    {
        return parallelism;
    }

    /**
     * Sets the number of parallel instances.
     *
     * @param instances 1 or more
     * @return this
     */
    public PlanNode parallelism(final int instances)
    {
        if (instances < 1)
        {
            throw new IllegalArgumentException("parallelism=" + instances + " of operator " + name +
                " must be 1 or more");
        }
        parallelism = instances;
        return this;
    }

    /**
     * Whether the node may run in the task of what feeds it.
     *
     * @return true by default
     */
    public boolean chaining()
    {
        return chaining;
    }

    /**
     * Starts a new task at this node.
     *
     * @return this
     */
    public PlanNode startNewChain()
    {
        chaining = false;
        return this;
    }

    /**
     * Has instances that several channels feed take what arrives first, see {@code mergesByArrival()}.
     *
     * @param why for the plan's print-out
     * @return this
     */
    public PlanNode mergeByArrival(final String why)
    {
        if (why == null || why.isBlank())
        {
            throw new IllegalArgumentException("mergeByArrival of operator " + name + " needs a reason, for who reads the plan: " +
                "which stream may not wait for which");
        }
        arrivalReason = why;
        return this;
    }

    /**
     * Why what feeds an instance is merged by arrival, and not by cause.
     *
     * @return the reason, or null when it is merged by cause
     */
    public String arrivalReason()
    {
        return arrivalReason;
    }

    /**
     * Says that instances keep keyed state.
     *
     * @return this
     */
    public PlanNode withState()
    {
        stateful = true;
        return this;
    }

    /**
     * Says that instances need event time.
     *
     * @return this
     */
    public PlanNode withEventTime()
    {
        windowed = true;
        return this;
    }

    /**
     * Whether instances keep keyed state.
     *
     * @return as said
     */
    public boolean stateful()
    {
        return stateful;
    }

    /**
     * Whether instances need event time.
     *
     * @return as said
     */
    public boolean needsEventTime()
    {
        return windowed;
    }

    /**
     * Says that instances use processing time: the job then keeps the engine's clock in its order log, and has ticks.
     *
     * @return this
     */
    public PlanNode withProcessingTime()
    {
        timed = true;
        return this;
    }

    /**
     * Whether instances use processing time.
     *
     * @return as said
     */
    public boolean usesProcessingTime()
    {
        return timed;
    }

    /**
     * Says what becomes of records that the node's function fails with.
     *
     * @param policy of the node
     * @return this
     * @throws IllegalArgumentException when the node can only fail: it is no {@link SkippingOperator} and no
     *                                  {@link DecodingSource}
     */
    public PlanNode errorPolicy(final ErrorPolicy policy)
    {
        final boolean skips = source == null ? SkippingOperator.class.isAssignableFrom(operator.type()) :
            DecodingSource.class.isAssignableFrom(source.type());
        if (policy.guards() && !skips)
        {
            throw new IllegalArgumentException("errorPolicy=" + policy + " of " + name + " cannot be, since it cannot go " +
                "on behind a record that failed: let a filter or map with the policy check the records");
        }
        errorPolicy = policy;
        return this;
    }

    /**
     * What becomes of records that the node's function fails with.
     *
     * @return the policy
     */
    public ErrorPolicy errorPolicy()
    {
        return errorPolicy;
    }

    /**
     * Says that there can be one instance only.
     *
     * @return this
     */
    public PlanNode withOneInstance()
    {
        oneInstance = true;
        return this;
    }

    /**
     * Whether there can be one instance only.
     *
     * @return as said
     */
    public boolean oneInstance()
    {
        return oneInstance;
    }

    /**
     * Declares a side output.
     *
     * @param tag  its name, unique for the node
     * @param type of its records
     */
    public void sideOutput(final String tag, final RecordType<?, ?> type)
    {
        final RecordType<?, ?> earlier = sideOutputs.putIfAbsent(tag, type);
        if (earlier != null && earlier != type)
        {
            throw new IllegalArgumentException("side output tag=" + tag + " of operator " + name +
                " is declared with record=" + earlier + " and with record=" + type + ": give each its own tag");
        }
    }

    /**
     * The side outputs.
     *
     * @return types of their records by their tags, in the order of their declaration
     */
    public Map<String, RecordType<?, ?>> sideOutputs()
    {
        return Collections.unmodifiableMap(sideOutputs);
    }

    /**
     * What an output carries.
     *
     * @param tag of a side output, or null for the main output
     * @return type of its records, or null for a sink
     */
    public RecordType<?, ?> outputType(final String tag)
    {
        return tag == null ? outputType : sideOutputs.get(tag);
    }

    /**
     * How to make a source.
     *
     * @return the factory, or null when this is no source
     */
    public OperatorFactory<Source> source()
    {
        return source;
    }

    /**
     * How to make an operator.
     *
     * @return the factory, or null when this is a source
     */
    public OperatorFactory<Operator> operator()
    {
        return operator;
    }

    /**
     * Says that the node gives its records event time anew, and makes watermarks of its own.
     *
     * @param strategy of the event time
     * @return this
     */
    public PlanNode withWatermarks(final WatermarkStrategy<?> strategy)
    {
        watermarks = strategy;
        return this;
    }

    /**
     * Event time of a source, or of an operator that gives it anew.
     *
     * @return the strategy, or null when the node leaves event time as it is
     */
    public WatermarkStrategy<?> watermarks()
    {
        return watermarks;
    }

    @Override
    public String toString()
    {
        return name + (parallelism == 1 ? "" : " x" + parallelism);
    }
}
