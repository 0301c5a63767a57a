package org.lamella.network;

/**
 * Shape of one sample: channels x height x width. A sequence has height 1, a feature vector height and width 1.
 *
 * @param channels number of planes, 1 or more
 * @param height rows of a plane, 1 or more
 * @param width columns of a plane, 1 or more
 */
public record Shape(int channels, int height, int width) {

    /**
     * Checks the ranges.
     *
     * @param channels 1 or more
     * @param height 1 or more
     * @param width 1 or more
     * @throws IllegalArgumentException if one is less than 1, or there are more than 2^28 - 1 values in total
     */
    public Shape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("a shape needs channels, height and width of 1 or more, got " + channels
                    + "x" + height + "x" + width);
        }
        if ((long) channels * height * width > Integer.MAX_VALUE / 8) {
            throw new IllegalArgumentException("shape " + channels + "x" + height + "x" + width + " is too large");
        }
    }

    /**
     * A flat vector.
     *
     * @param elements its length, 1 or more
     * @return {@code elements} channels of one value
     * @throws IllegalArgumentException if the length is out of its range
     */
    public static Shape vector(int elements) {
        return new Shape(elements, 1, 1);
    }

    /**
     * Reads {@code CxHxW}, for example {@code 3x28x28}, or one number, the length of a flat vector.
     *
     * @param text spaces around it are ignored
     * @return the shape
     * @throws IllegalArgumentException if the text has another form
     */
    public static Shape parse(String text) {
        String[] parts = text.trim().split("x", -1);
        String expected = "'" + text + "' is not a shape: expected CxHxW, for example 3x28x28, or a vector's length";
        try {
            if (parts.length == 1) {
                return vector(Integer.parseInt(parts[0]));
            }
            if (parts.length == 3) {
                return new Shape(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(expected, e);
        }
        throw new IllegalArgumentException(expected);
    }

    /** {@return values in one sample} */
    public int elements() {
        return channels * height * width;
    }

    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
