package org.lamella.data.rows;

import java.util.Arrays;

/**
 * A row of features as the key of a map: equal to a row of equal values.
 *
 * @param values one per feature; not copied
 */
public record FeatureRow(float[] values) {

    @Override
    public boolean equals(Object other) {
        return other instanceof FeatureRow r && Arrays.equals(values, r.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
