package org.lamella.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Activation;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.network.Shape;

/**
 * A convolution with what is fused to it, forward or backward.
 *
 * @param layer the convolution
 * @param input shape of one sample of its input
 * @param pooling the max pooling fused behind it (never global: its window is filled in), or null
 * @param activation the activation fused behind it, or null
 * @param algorithm how it is computed
 * @param slices backward on a GPU: into how many parts the batch is cut for the filter gradient; else 1
 */
public record ConvolutionWork(
        Convolution layer,
        Shape input,
        @Nullable Pooling pooling,
        @Nullable Activation activation,
        Algorithm algorithm,
        int slices)
        implements Work {

    /**
     * The shape of one sample of the map before any pooling.
     *
     * @return channels are filters
     */
    public Shape map() {
        return layer.output(List.of(input));
    }

    /**
     * The shape of one sample of the output, behind the pooling.
     *
     * @return {@link #map()} where nothing is pooled
     */
    public Shape output() {
        return pooling == null ? map() : pooling.output(List.of(map()));
    }

    /**
     * The learned values of all filters.
     *
     * @return their number, biases not counted
     */
    public long weights() {
        return (long) layer.filters() * input.channels() * layer.kernelH() * layer.kernelW();
    }

    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.convolution(op, this);
    }
}
