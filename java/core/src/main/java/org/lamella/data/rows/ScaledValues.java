package org.lamella.data.rows;

import org.lamella.data.Dataset;
import org.lamella.data.FeatureColumn;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;

/** Values that a scaling makes infinite: the features are finite, their scaled values are too large for a float. */
public final class ScaledValues {

    private ScaledValues() {}

    /**
     * Finds the first value of a row that is not finite after scaling.
     *
     * @param scaling as wide as the row
     * @param row one value per feature; NaN where missing
     * @return its column, from 0; -1 if there is none
     */
    public static int firstInfinite(FeatureScaling scaling, float[] row) {
        for (int c = 0; c < row.length; c++) {
            if (!Float.isFinite(scaling.apply(c, row[c]))) {
                return c;
            }
        }
        return -1;
    }

    /**
     * Refuses rows that training could not use.
     *
     * @param scaling of the training rows
     * @param data has the rows
     * @param rows their numbers, from 0
     * @throws InputException that names the row and column of the first such value
     */
    public static void require(FeatureScaling scaling, Dataset data, int[] rows) {
        for (int r : rows) {
            float[] row = data.features()[r];
            int c = firstInfinite(scaling, row);
            if (c >= 0) {
                throw new InputException(data.source() + ": row " + (r + 1) + ", column " + (c + 1) + " ("
                        + FeatureColumn.feature(data.columns(), c) + ") is " + row[c]
                        + ", which is too large after scaling; correct it, leave it empty if it is not known, or "
                        + "divide the column by a constant");
            }
        }
    }
}
