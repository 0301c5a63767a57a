package org.lamella.data;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.network.Shape;
import org.lamella.text.Wording;

/**
 * The conversion of a row of features to the input of a network.
 *
 * @param shape the network's input shape
 * @param tile true repeats the features as every row of the one channel
 * @param scaling applied to every feature first
 */
public record InputFormat(Shape shape, boolean tile, FeatureScaling scaling) {

    /**
     * Checks that scaling and shape belong together.
     *
     * @throws IllegalArgumentException if one is missing, or the features do not fill the shape
     */
    public InputFormat {
        if (shape == null || scaling == null) {
            throw new IllegalArgumentException("an input format needs a shape and a scaling");
        }
        if (tile ? shape.channels() != 1 || shape.width() != scaling.width() : shape.elements() != scaling.width()) {
            throw new IllegalArgumentException(
                    scaling.width() + " scaled features do not fill an input of " + shape + (tile ? " by tiling" : ""));
        }
    }

    /**
     * The format for rows of this width.
     *
     * @param width features per row
     * @param shape null for a vector, or for the square when tiling
     * @param tile true repeats the features as every row of the one channel
     * @param scaling of every feature
     * @return the format
     * @throws InputException if the features do not fill the shape
     */
    public static InputFormat of(int width, @Nullable Shape shape, boolean tile, FeatureScaling scaling) {
        if (tile) {
            Shape square = shape == null ? new Shape(1, width, width) : shape;
            if (square.channels() != 1 || square.width() != width) {
                throw new InputException("tiling " + Wording.count(width, "feature") + " needs an input of 1xHx" + width
                        + ", got " + square);
            }
            return new InputFormat(square, true, scaling);
        }
        Shape fits = shape == null ? Shape.vector(width) : shape;
        if (fits.elements() != width) {
            throw new InputException(Phrase.format(
                    "input %s holds %s, but the data has %s; give another %s CxHxW, or %s",
                    fits,
                    Wording.count(fits.elements(), "value"),
                    Wording.count(width, "feature"),
                    Setting.INPUT_SHAPE,
                    Setting.TILING));
        }
        return new InputFormat(fits, false, scaling);
    }

    /**
     * Writes one sample.
     *
     * @param features one value per feature; NaN where missing
     * @param to receives the elements of the shape from index {@code at}
     * @param at index of the first element
     * @throws IllegalArgumentException if there are more or fewer features: what an earlier sample left in the buffer
     *     would be part of this one
     */
    public void write(float[] features, FloatBuffer to, int at) {
        if (features.length != scaling.width()) {
            throw new IllegalArgumentException("a row has " + Wording.count(features.length, "feature")
                    + ", the network takes " + scaling.width());
        }
        int rows = tile ? shape.height() : 1;
        for (int i = 0; i < features.length; i++) {
            to.put(at + i, scaling.apply(i, features[i]));
        }
        for (int r = 1; r < rows; r++) {
            to.put(at + r * features.length, to, at, features.length);
        }
    }
}
