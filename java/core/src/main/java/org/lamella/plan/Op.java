package org.lamella.plan;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.lamella.network.Layer;
import org.lamella.network.Positions;
import org.lamella.network.Shape;

/** One operator of a plan, with all that fusion has given it. */
public final class Op {

    /**
     * An operand.
     *
     * @param tensor the memory
     * @param shift bytes from the tensor's start, or from the start of each sample's part
     */
    public record Operand(Tensor tensor, long shift) {}

    /**
     * What a mask covers.
     *
     * @param use what it makes of that; {@code ZERO} on the way back, scaled or not as on the way there
     * @param scaled whether the other positions are scaled by width / their number
     * @param input shape of the network's input, where padding shows
     * @param positions of this map
     */
    public record Mask(Layer.MaskUse use, boolean scaled, Shape input, Positions positions) {}

    private final OpKind kind;
    private final String layer;
    private final Map<Slot, Operand> operands = new EnumMap<>(Slot.class);
    Shape input;
    Layer.Convolution convolution;
    Algorithm algorithm = Algorithm.DIRECT;
    Layer.Pooling pooling;
    Layer.Activation activation;
    Layer.BatchNorm norm;
    OptimizerRule rule;
    LossRule loss;
    Mask mask;
    int outputs;
    long count;
    long stream;
    float rate;
    boolean accumulate;
    boolean decays;

    Op(OpKind kind, String layer) {
        this.kind = kind;
        this.layer = layer;
    }

    Op with(Slot slot, Tensor tensor) {
        return with(slot, tensor == null ? null : new Operand(tensor, 0));
    }

    Op with(Slot slot, Operand operand) {
        if (operand != null) {
            operands.put(slot, operand);
        }
        return this;
    }

    /** What it does. */
    public OpKind kind() {
        return kind;
    }

    /** The layers it stands for, for people: {@code conv1+pool1+tanh1}. */
    public String layer() {
        return layer;
    }

    /** Its operands. */
    public Map<Slot, Operand> operands() {
        return Collections.unmodifiableMap(operands);
    }

    /** Shape of one input sample; null where {@link #count()} says all. */
    public Shape input() {
        return input;
    }

    /** The convolution, or null. */
    public Layer.Convolution convolution() {
        return convolution;
    }

    /** How the convolution is computed. */
    public Algorithm algorithm() {
        return algorithm;
    }

    /** The pooling (never global: its window is filled in), or null. */
    public Layer.Pooling pooling() {
        return pooling;
    }

    /** The activation, or null. */
    public Layer.Activation activation() {
        return activation;
    }

    /** The batch norm, or null. */
    public Layer.BatchNorm norm() {
        return norm;
    }

    /** The optimizer of an update, or null. */
    public OptimizerRule rule() {
        return rule;
    }

    /** The loss; null for other operators. */
    public LossRule loss() {
        return loss;
    }

    /** What a mask covers; null for other operators. */
    public Mask mask() {
        return mask;
    }

    /** Units of a dense layer. */
    public int outputs() {
        return outputs;
    }

    /** Elements: of a sample for sample operators, in all for an update. */
    public long count() {
        return count;
    }

    /** Which stream of random numbers a dropout draws from. */
    public long stream() {
        return stream;
    }

    /** Share of units that a dropout drops. */
    public float rate() {
        return rate;
    }

    /** True if the result is added to what is there. */
    public boolean accumulate() {
        return accumulate;
    }

    /** True if an update's parameters decay. */
    public boolean decays() {
        return decays;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + " " + layer;
    }
}
