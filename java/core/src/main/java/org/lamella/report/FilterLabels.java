package org.lamella.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.lamella.report.FirstFilters.Association;

/**
 * The labels that a filter is associated with: those that rows have more often the larger the filter's maximum over the
 * row is. Measured by Pearson's correlation of the maximum with the label, 0 or 1 (the point-biserial correlation), and
 * reported where it is significant by Fisher's transformation (Fisher 1921): atanh(r) sqrt(n - 3) is about normal if
 * there is no association. The limit is corrected for the number of tests (Bonferroni).
 */
final class FilterLabels {

    private static final int MAX_LABELS = 3;
    private static final int MIN_ROWS = 10;
    private static final double LEVEL = 0.01;

    private final List<String> names;
    private final byte[][] targets;
    private final double limit;

    /**
     * @param names one per label
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @param filters number of filters that are asked for
     */
    FilterLabels(List<String> names, byte[][] targets, int filters) {
        this.names = names;
        this.targets = targets;
        this.limit = limit(LEVEL / Math.max(1, (double) names.size() * filters));
    }

    /** The z that a normal variable exceeds with a small probability; an upper bound (Chernoff). */
    private static double limit(double probability) {
        return Math.sqrt(-2 * Math.log(probability));
    }

    /** The labels of a filter with these maxima, one per row. */
    List<Association> of(float[] maxima) {
        List<Association> all = new ArrayList<>();
        for (int l = 0; l < names.size(); l++) {
            double r = correlation(maxima, l);
            if (r > 0) {
                all.add(new Association(names.get(l), r));
            }
        }
        all.sort(Comparator.comparingDouble(a -> -a.correlation()));
        return all.subList(0, Math.min(MAX_LABELS, all.size()));
    }

    /** 0 if it is not significant or not defined. */
    private double correlation(float[] maxima, int label) {
        int known = 0;
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (int n = 0; n < targets.length; n++) {
            int target = targets[n][label];
            if (target >= 0) {
                known++;
                x += maxima[n];
                xx += (double) maxima[n] * maxima[n];
                y += target;
                xy += target * maxima[n];
            }
        }
        double spread = (xx - x * x / known) * (y - y * y / known);
        if (known < MIN_ROWS || !(spread > 0)) {
            return 0;
        }
        double r = Math.min(1, (xy - x * y / known) / Math.sqrt(spread));
        double z = 0.5 * Math.log((1 + r) / (1 - r)) * Math.sqrt(known - 3);
        return z > limit ? r : 0;
    }
}
