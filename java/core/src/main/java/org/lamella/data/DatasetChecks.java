package org.lamella.data;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.lamella.text.Wording;

/** Checks the arrays of a dataset once, when it is made; everything after it relies on them. */
final class DatasetChecks {

    private final Dataset data;
    private final int width;

    private DatasetChecks(Dataset data) {
        this.data = data;
        this.width = data.width();
    }

    /**
     * Checks a dataset whose fields are set.
     *
     * @throws IllegalArgumentException that names the row and column of the first value that cannot be used
     */
    static void check(Dataset data) {
        DatasetChecks checks = new DatasetChecks(data);
        checks.counts();
        checks.labels();
        for (int r = 0; r < data.size(); r++) {
            checks.features(r);
            checks.targets(r);
        }
    }

    private void counts() {
        int rows = data.features().length;
        if (rows != data.targets().length || rows != data.ids().size()) {
            throw new IllegalArgumentException("a dataset needs as many targets and ids as rows of features: got "
                    + data.targets().length + " and " + data.ids().size() + " for " + rows);
        }
        int[] lengths = data.lengths();
        if (lengths != null && lengths.length != rows) {
            throw new IllegalArgumentException(
                    "a dataset needs a sequence length per row: got " + lengths.length + " for " + rows);
        }
        if (data.shape() != null && data.shape().elements() != width) {
            throw new IllegalArgumentException("rows of shape " + data.shape() + " need "
                    + data.shape().elements() + " features, the columns have " + width);
        }
    }

    private void labels() {
        Set<String> names = new HashSet<>();
        for (String label : data.labels()) {
            if (!names.add(label)) {
                throw new IllegalArgumentException("two labels are called '" + label + "'");
            }
        }
    }

    private void features(int r) {
        float[] row = data.features()[r];
        if (row == null) {
            throw new IllegalArgumentException(row(r) + " of the features is null");
        }
        if (row.length != width) {
            throw new IllegalArgumentException(
                    row(r) + " has " + Wording.count(row.length, "feature") + ", the columns have " + width);
        }
        for (int c = 0; c < width; c++) {
            if (Float.isInfinite(row[c])) {
                throw new IllegalArgumentException(
                        row(r) + ", column " + (c + 1) + " (" + FeatureColumn.feature(data.columns(), c) + ") is "
                                + row[c] + "; features are finite, or NaN where a value is missing");
            }
        }
    }

    private void targets(int r) {
        byte[] row = data.targets()[r];
        if (row == null) {
            throw new IllegalArgumentException(row(r) + " of the targets is null");
        }
        if (row.length != data.labels().size()) {
            throw new IllegalArgumentException(row(r) + " has " + Wording.count(row.length, "target")
                    + ", the data has " + Wording.count(data.labels().size(), "label"));
        }
        for (int l = 0; l < row.length; l++) {
            if (row[l] < -1 || row[l] > 1) {
                throw new IllegalArgumentException(
                        row(r) + ", label " + (l + 1) + " (" + data.labels().get(l) + ") is " + row[l]
                                + "; targets are 0, 1, or -1 where a target is missing");
            }
        }
    }

    /** A row as people count, with its name if that is not its number. */
    private String row(int r) {
        String number = Integer.toString(r + 1);
        String id = Objects.requireNonNull(data.ids().get(r));
        return "row " + (id.equals(number) ? number : number + " (" + id + ")");
    }
}
