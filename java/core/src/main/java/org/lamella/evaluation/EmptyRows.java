package org.lamella.evaluation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * How rows enter ranking metrics in which there is nothing to rank: rows without a positive and, for the ranking loss,
 * rows without a negative. Programs differ here, so results of different programs are comparable only with the same
 * choice.
 */
public enum EmptyRows {
    /** They are left out, as by Mulan. */
    SKIP,
    /**
     * They count as ranked perfectly, as by scikit-learn: average precision 1, ranking loss 0, coverage 0. The
     * one-error leaves them out: whatever their first label is, it would be wrong.
     */
    ONE;

    /** {@return the name in options and files} */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
