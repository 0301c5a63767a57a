package org.lamella.network;

import static org.lamella.network.LayerRules.only;
import static org.lamella.network.LayerRules.pair;
import static org.lamella.network.LayerRules.require;
import static org.lamella.network.LayerRules.unless;
import static org.lamella.network.LayerRules.window;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pooling over a window; {@code global} makes the window as large as the map.
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
        Shape x = only(inputs);
        if (global) {
            return new Shape(x.channels(), 1, 1);
        }
        return new Shape(
                x.channels(),
                window(x.height(), windowH, strideH, padH, x),
                window(x.width(), windowW, strideW, padW, x));
    }

    /**
     * The same pooling with the one window of a global one filled in.
     *
     * @param input shape of the maps
     * @return never global
     */
    public Pooling on(Shape input) {
        return global
                ? new Pooling(kind, false, input.height(), input.width(), input.height(), input.width(), 0, 0)
                : this;
    }

    @Override
    public @Nullable Positions positions(@Nullable Positions input) {
        return input == null || global ? null : input.behind(windowW, strideW, padW);
    }

    @Override
    public String text() {
        String name = kind == PoolingKind.MAX ? "max pool" : "average pool";
        boolean apart = strideH != windowH || strideW != windowW;
        return global
                ? "global " + name
                : name + " " + pair(windowH, windowW) + (apart ? ", stride " + pair(strideH, strideW) : "")
                        + unless(0, "pad", padH, padW);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.pooling(this);
    }
}
