package org.lamella.baseline;

import java.util.Locale;
import org.lamella.data.FeatureScaling;

/**
 * How a logistic regression was fitted.
 *
 * @param scaling of the features, chosen by cross-validation on the training rows
 * @param c weight of the loss of all rows against |w|^2 / 2, chosen in the same way, the same for all labels; a large
 *     one is a weak penalty
 * @param validatedLoss mean logarithmic loss of the held-out rows of that cross-validation; NaN if there was none
 * @param folds of the cross-validation; 0 if no label had both values, so that there was nothing to choose
 * @param validatedRows training rows that the cross-validation used; fewer than all if the data is large
 * @param unconvergedLabels labels whose optimum was not reached within the limit of work
 */
public record LinearFit(
        FeatureScaling.Method scaling,
        double c,
        double validatedLoss,
        int folds,
        int validatedRows,
        int unconvergedLabels) {

    /** {@return the choice in a few words} */
    public String text() {
        return folds == 0
                ? "logistic regression: constants, because no label has both values in the training rows"
                : String.format(
                        Locale.ROOT,
                        "logistic regression: scaling %s, C %.3g, chosen by %d-fold cross-validation on training rows",
                        scaling.name().toLowerCase(Locale.ROOT),
                        c,
                        folds);
    }
}
