package org.lamella.network;

import static org.lamella.network.LayerRules.only;
import static org.lamella.network.LayerRules.pair;
import static org.lamella.network.LayerRules.require;
import static org.lamella.network.LayerRules.unless;
import static org.lamella.network.LayerRules.window;
import static org.lamella.network.Parameter.Role.BIAS;
import static org.lamella.network.Parameter.Role.WEIGHT;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cross-correlation with learned filters: y[k][p][q] = b[k] + sum over c,r,s of x[c][p*strideH+r-padH][...]
 * w[k][c][r][s].
 *
 * @param filters number of filters (output channels)
 * @param kernelH filter height
 * @param kernelW filter width
 * @param strideH rows between outputs
 * @param strideW columns between outputs
 * @param padH zero rows added above and below
 * @param padW zero columns added left and right
 */
public record Convolution(int filters, int kernelH, int kernelW, int strideH, int strideW, int padH, int padW)
        implements Layer {
    /**
     * Checks the ranges.
     *
     * @param filters 1 or more
     * @param kernelH 1 or more
     * @param kernelW 1 or more
     * @param strideH 1 or more
     * @param strideW 1 or more
     * @param padH 0 to below {@code kernelH}
     * @param padW 0 to below {@code kernelW}
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Convolution {
        require(filters >= 1, "filters", filters);
        require(kernelH >= 1 && kernelW >= 1, "kernel", kernelH + "x" + kernelW);
        require(strideH >= 1 && strideW >= 1, "stride", strideH + "x" + strideW);
        require(
                padH >= 0 && padW >= 0 && padH < kernelH && padW < kernelW,
                "padding (smaller than the kernel)",
                padH + "x" + padW);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape x = only(inputs);
        return new Shape(
                filters, window(x.height(), kernelH, strideH, padH, x), window(x.width(), kernelW, strideW, padW, x));
    }

    @Override
    public @Nullable Positions positions(@Nullable Positions input) {
        return input == null ? null : input.behind(kernelW, strideW, padW);
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
        int taps = kernelH * kernelW;
        int fanIn = input.channels() * taps;
        int fanOut = filters * taps;
        return List.of(
                new ParameterSpec("weight", WEIGHT, fanIn, fanOut, filters, input.channels(), kernelH, kernelW),
                new ParameterSpec("bias", BIAS, fanIn, fanOut, filters));
    }

    @Override
    public String text() {
        return "convolution " + filters + " @ " + pair(kernelH, kernelW) + unless(1, "stride", strideH, strideW)
                + unless(0, "pad", padH, padW);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.convolution(this);
    }
}
