package org.lamella.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One operator of a plan: its kind, its shapes and options, its operands. Immutable. */
public final class Op {

    /**
     * An operand.
     *
     * @param tensor the memory
     * @param shift bytes from the tensor's start, or from the start of each sample's part
     */
    public record Operand(Tensor tensor, long shift) {}

    private final OpKind kind;
    private final String layer;
    private final Work work;
    private final boolean accumulate;
    private final Map<Slot, Operand> operands;

    Op(OpKind kind, String layer, Work work) {
        this(kind, layer, work, false, new EnumMap<>(Slot.class));
    }

    private Op(OpKind kind, String layer, Work work, boolean accumulate, Map<Slot, Operand> operands) {
        this.kind = kind;
        this.layer = layer;
        this.work = work;
        this.accumulate = accumulate;
        this.operands = operands;
    }

    /** A copy with one more operand; null adds none. */
    Op with(Slot slot, @Nullable Tensor tensor) {
        return with(slot, tensor == null ? null : new Operand(tensor, 0));
    }

    /** A copy with one more operand; null adds none. */
    Op with(Slot slot, @Nullable Operand operand) {
        if (operand == null) {
            return this;
        }
        Map<Slot, Operand> more = new EnumMap<>(operands);
        more.put(slot, operand);
        return new Op(kind, layer, work, accumulate, more);
    }

    /** The same; if {@code accumulate}, its result is added to the output, else it replaces the output. */
    Op accumulating(boolean accumulate) {
        return new Op(kind, layer, work, accumulate, operands);
    }

    /**
     * The kind of operator.
     *
     * @return its kind
     */
    public OpKind kind() {
        return kind;
    }

    /**
     * The layers that it computes, for reports.
     *
     * @return for example {@code conv1+pool1+tanh1}
     */
    public String layer() {
        return layer;
    }

    /**
     * Shapes and options.
     *
     * @return the payload of its family
     */
    public Work work() {
        return work;
    }

    /**
     * Shapes and options of an operator whose family is known from its kind.
     *
     * @param <W> the family
     * @param family its class
     * @return the payload
     * @throws ClassCastException if this operator is of another family
     */
    public <W extends Work> W work(Class<W> family) {
        return family.cast(work);
    }

    /**
     * Calls the method of {@code visitor} for this operator's family.
     *
     * @param <R> the result type
     * @param visitor the visitor
     * @return the result of its method
     */
    public <R> R accept(Work.Visitor<R> visitor) {
        return work.accept(this, visitor);
    }

    /**
     * Its operands.
     *
     * @return by slot, unmodifiable
     */
    public Map<Slot, Operand> operands() {
        return Collections.unmodifiableMap(operands);
    }

    /**
     * Whether it has an operand.
     *
     * @param slot the slot of the operand
     * @return true if it has one in this slot
     */
    public boolean has(Slot slot) {
        return operands.containsKey(slot);
    }

    /**
     * Whether the result is added to the values that are already in the output.
     *
     * @return true if it is added, false if it replaces them
     */
    public boolean accumulate() {
        return accumulate;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + layer;
    }
}
