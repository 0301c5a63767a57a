package org.lamella.model;

import java.util.List;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureColumn;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;
import org.lamella.data.rows.ScaledValues;
import org.lamella.text.Wording;

/** Checks what a caller of a predictor gives, once and completely, before anything is computed. */
final class RowCheck {

    private final List<FeatureColumn> columns;
    /** Those of all members. */
    private final List<FeatureScaling> scalings;

    private final int width;

    RowCheck(Classifier model) {
        columns = model.columns();
        scalings = model.members().stream().map(m -> m.format().scaling()).toList();
        width = scalings.get(0).width();
    }

    /** Features per row. */
    int width() {
        return width;
    }

    /** One row; {@code where} names it in messages. */
    void row(float[] row, String where) {
        if (row.length != width) {
            throw new IllegalArgumentException(
                    where + " has " + Wording.count(row.length, "feature") + ", the model takes " + width);
        }
        for (FeatureScaling scaling : scalings) {
            scaled(row, scaling, where);
        }
    }

    private void scaled(float[] row, FeatureScaling scaling, String where) {
        int c = ScaledValues.firstInfinite(scaling, row);
        if (c >= 0) {
            throw new IllegalArgumentException(
                    where + ", column " + (c + 1) + " (" + FeatureColumn.feature(columns, c) + ") is " + row[c]
                            + (Float.isInfinite(row[c])
                                    ? "; features are finite, or NaN where a value is missing"
                                    : ", too large for the model's scaling of this column"));
        }
    }

    /**
     * What the model computed for a row. Finite values may still overflow between its layers: NaN would pass for "not
     * given" in every decision.
     */
    static void output(float[] values, String where) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(where + ": the model's output is " + value
                        + ", which is no result: the values of the row are too far from those of the training rows, or "
                        + "the model has a weight that is not finite");
            }
        }
    }

    /** Some rows, with their numbers in the data. */
    static void outputs(float[][] values, int[] rows) {
        for (int i = 0; i < values.length; i++) {
            output(values[i], "row " + (rows[i] + 1));
        }
    }

    /** Some rows of an array. */
    void rows(float[][] rows) {
        for (int r = 0; r < rows.length; r++) {
            require(rows[r], r);
        }
    }

    /** Some rows of a dataset, whose arrays may have changed since it was made. */
    void rows(Dataset data, int[] rows) {
        columns(data);
        for (int r : rows) {
            if (r < 0 || r >= data.size()) {
                throw new IllegalArgumentException(
                        "there is no row number " + r + "; the data has rows 0 to " + (data.size() - 1));
            }
            require(data.features()[r], r);
        }
    }

    private void require(float[] row, int r) {
        if (row == null) {
            throw new IllegalArgumentException("row " + (r + 1) + " is null");
        }
        row(row, "row " + (r + 1));
    }

    /** Columns of files have names: the same number of other columns, or another order, must not pass. */
    private void columns(Dataset data) {
        if (data.width() != width) {
            throw new InputException(
                    "the data has " + Wording.count(data.width(), "feature") + ", the model takes " + width);
        }
        if (data.columns().equals(columns) || Dataset.positional(data.columns()) || Dataset.positional(columns)) {
            return;
        }
        for (int c = 0; c < Math.min(columns.size(), data.columns().size()); c++) {
            FeatureColumn own = columns.get(c);
            FeatureColumn other = data.columns().get(c);
            if (!own.name().equals(other.name())) {
                throw new InputException(data.source() + ": column " + (c + 1) + " is '" + other.name()
                        + "', the model has '" + own.name() + "' there; read the file with Model.read");
            }
            if (!own.equals(other)) {
                throw new InputException(data.source() + ": column '" + own.name()
                        + "' is encoded in another way than in training; read the file with Model.read");
            }
        }
        throw new InputException(data.source() + ": other columns than in training; read the file with Model.read");
    }
}
