package org.lamella.network;

import static org.lamella.network.LayerRules.require;
import static org.lamella.network.LayerRules.singleInput;
import static org.lamella.network.LayerRules.size;
import static org.lamella.network.LayerRules.unlessDefault;
import static org.lamella.network.LayerRules.windows;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pooling over a window; if {@code global}, the window is as large as the map.
 *
 * @param kind maximum or average
 * @param global true for one window over the whole map; the other numbers are then ignored
 * @param windowH window height
 * @param windowW window width
 * @param strideH rows between windows
 * @param strideW columns between windows
 * @param padH rows of padding above and below, less than the window
 * @param padW columns of padding left and right, less than the window
 */
public record Pooling(
        PoolingKind kind, boolean global, int windowH, int windowW, int strideH, int strideW, int padH, int padW)
        implements Layer {
    /**
     * Checks the ranges.
     *
     * @param kind never null
     * @param global true leaves the six numbers unchecked
     * @param windowH 1 or more
     * @param windowW 1 or more
     * @param strideH 1 or more
     * @param strideW 1 or more
     * @param padH 0 to below {@code windowH}
     * @param padW 0 to below {@code windowW}
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Pooling {
        if (!global) {
            require(windowH >= 1 && windowW >= 1, "window", windowH + "x" + windowW);
            require(strideH >= 1 && strideW >= 1, "stride", strideH + "x" + strideW);
            require(
                    padH >= 0 && padW >= 0 && padH < windowH && padW < windowW,
                    "padding (smaller than the window)",
                    padH + "x" + padW);
        }
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape x = singleInput(inputs);
        if (global) {
            return new Shape(x.channels(), 1, 1);
        }
        return new Shape(
                x.channels(),
                windows(x.height(), windowH, strideH, padH, x),
                windows(x.width(), windowW, strideW, padW, x));
    }

    /**
     * The same pooling; a global one gets its window and stride from the input.
     *
     * @param input shape of the maps
     * @return never global
     */
    public Pooling resolved(Shape input) {
        return global
                ? new Pooling(kind, false, input.height(), input.width(), input.height(), input.width(), 0, 0)
                : this;
    }

    @Override
    public @Nullable Positions positions(@Nullable Positions input) {
        return input == null || global ? null : input.after(windowW, strideW, padW);
    }

    @Override
    public String text() {
        String name = kind == PoolingKind.MAX ? "max pool" : "average pool";
        boolean strided = strideH != windowH || strideW != windowW;
        return global
                ? "global " + name
                : name + " " + size(windowH, windowW) + (strided ? ", stride " + size(strideH, strideW) : "")
                        + unlessDefault(0, "pad", padH, padW);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.pooling(this);
    }
}
