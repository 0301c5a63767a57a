package org.lamella.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One operator of a plan: what it does, with which shapes and options, on which operands. Immutable. */
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

    /** The same with one operand more; null adds none. */
    Op with(Slot slot, @Nullable Tensor tensor) {
        return with(slot, tensor == null ? null : new Operand(tensor, 0));
    }

    /** The same with one operand more; null adds none. */
    Op with(Slot slot, @Nullable Operand operand) {
        if (operand == null) {
            return this;
        }
        Map<Slot, Operand> more = new EnumMap<>(operands);
        more.put(slot, operand);
        return new Op(kind, layer, work, accumulate, more);
    }

    /** The same; its result is added to what is there if {@code accumulate}, else stored. */
    Op accumulating(boolean accumulate) {
        return new Op(kind, layer, work, accumulate, operands);
    }

    /**
     * What it does.
     *
     * @return its kind
     */
    public OpKind kind() {
        return kind;
    }

    /**
     * The layers it stands for, for people.
     *
     * @return for example {@code conv1+pool1+tanh1}
     */
    public String layer() {
        return layer;
    }

    /**
     * Shapes and options.
     *
     * @return the record of its family
     */
    public Work work() {
        return work;
    }

    /**
     * Shapes and options of an operator whose family is known from its kind.
     *
     * @param <W> the family
     * @param family its class
     * @return the record
     * @throws ClassCastException if this operator is of another family
     */
    public <W extends Work> W work(Class<W> family) {
        return family.cast(work);
    }

    /**
     * Calls the method of {@code visitor} for this operator's family.
     *
     * @param <R> what the visitor gives
     * @param visitor whose method is called
     * @return what that method returns
     */
    public <R> R accept(Work.Visitor<R> visitor) {
        return work.accept(this, visitor);
    }

    /**
     * Its operands.
     *
     * @return those it has, unmodifiable
     */
    public Map<Slot, Operand> operands() {
        return Collections.unmodifiableMap(operands);
    }

    /**
     * Whether it has an operand.
     *
     * @param slot which
     * @return true if it has
     */
    public boolean has(Slot slot) {
        return operands.containsKey(slot);
    }

    /**
     * What happens to what is at its output already.
     *
     * @return true if the result is added to it, false if it is replaced
     */
    public boolean accumulate() {
        return accumulate;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + layer;
    }
}
