package org.lamella.selection;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * What a search tried.
 *
 * @param trials from the smallest loss to the largest; at least one
 * @param folds on how many folds each configuration was tried
 * @param leftOut how many trials were not begun, as the budget would have been passed; 0 if the search is complete
 */
public record Tuning(List<TuningTrial> trials, int folds, int leftOut) {

    /** {@return the trial with the smallest loss: its configuration and its epochs are the result} */
    @JsonIgnore
    public TuningTrial best() {
        return trials.get(0);
    }

    /** {@return whether the result could depend on the speed of the machine} */
    @JsonIgnore
    public boolean isCutShort() {
        return leftOut > 0;
    }
}
