package org.lamella.selection;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import org.lamella.training.TrainingSettings;

/**
 * What was compared, and the best of it.
 *
 * @param trials all candidates, from the smallest loss to the largest; at least one
 * @param folds the number of folds on which they were compared
 * @param leftOut candidates that were not begun, as the budget would have been passed; those that would have been
 *     compared with the best of these are among them; empty without a budget
 */
public record Selection(List<Trial> trials, int folds, List<Candidate> leftOut) {

    private static final int PATIENCE = 8;

    /** Files of earlier versions have no list of candidates left out. */
    public Selection {
        leftOut = leftOut == null ? List.of() : leftOut;
    }

    /** Most networks for tables are past their best epoch long before the last one. */
    static TrainingSettings patient(TrainingSettings settings) {
        return settings.earlyStopping() > 0 ? settings : settings.earlyStopping(PATIENCE);
    }

    /** {@return the candidate with the smallest loss} */
    @JsonIgnore
    public Candidate chosen() {
        return trials.get(0).candidate();
    }

    /**
     * The settings with which the candidates were trained, for the best one.
     *
     * @param base everything that was not compared
     * @return new settings; with early stopping, unless the base has its own
     */
    public TrainingSettings settings(TrainingSettings base) {
        return patient(chosen().settings(base));
    }
}
