package org.lamella.finding;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A problem in data, in a run or in a result that a person should look at, or a guess about a file.
 *
 * @param code the kind of problem, for programs
 * @param message a description
 * @param remedy advice; null if nothing needs to be done
 */
public record Finding(Code code, Phrase message, @Nullable Phrase remedy) {

    /** Kinds of findings. */
    public enum Code {
        /** Data without labels. */
        NO_LABELS,
        /** Labels without a positive row. */
        NEVER_POSITIVE_LABELS,
        /** Labels without a negative row. */
        ALWAYS_POSITIVE_LABELS,
        /** Labels with few positive rows. */
        RARE_LABELS,
        /** Labels that are missing in some rows. */
        UNKNOWN_TARGETS,
        /** Rows of which no label is known. */
        ROWS_OF_UNKNOWN_LABELS,
        /** Labels of a test or validation file that training never saw. */
        UNSEEN_LABELS,
        /** Labels whose names differ in case or separators only. */
        SIMILAR_LABELS,
        /** A guess about the form or the columns of a table. */
        TABLE_FORM,
        /** A guess about the form of a file of labels. */
        LABEL_FILE_FORM,
        /** What the letters of sequences are. */
        SEQUENCE_LETTERS,
        /** The same for sequences with U, not T. */
        RNA_LETTERS,
        /** Letters that look like those of another alphabet. */
        OTHER_ALPHABET,
        /** Labels so unbalanced that a constant is nearly always right. */
        UNBALANCED_LABELS,
        /** Rows without a positive label. */
        ROWS_WITHOUT_LABELS,
        /** Labels that are equal in every row. */
        EQUAL_LABELS,
        /** Rows with the features of earlier rows. */
        REPEATED_ROWS,
        /** Equal features with different labels. */
        CONFLICTING_ROWS,
        /** Features that are equal in every row. */
        CONSTANT_FEATURES,
        /** Features that are missing in some rows. */
        MISSING_VALUES,
        /** Features of very different scales. */
        DIFFERENT_SCALES,
        /** Values far from their feature's mean. */
        OUTLIERS,
        /** Features that are raw codes or pixels. */
        RAW_CODES,
        /** Sequences that are longer than the part that is kept. */
        CUT_SEQUENCES,
        /** Labels that the file declares, and others that are used. */
        LABELS_OVERRULED,
        /** A batch of a single sample. */
        BATCH_OF_ONE,
        /** A learning rate that often makes a network collapse. */
        HIGH_LEARNING_RATE,
        /** A convolution over copies of one row. */
        TILED_CONVOLUTION,
        /** Values at the network's input that are too large. */
        INPUTS_OUT_OF_SCALE,
        /** A layer with most values in the flat parts of its activation. */
        SATURATED_LAYER,
        /** Units that are 0 for every sample. */
        DEAD_UNITS,
        /** Gradients that are too large. */
        EXPLODING_GRADIENTS,
        /** Gradients that hardly reach the first layers. */
        VANISHING_GRADIENTS,
        /** A network that has collapsed during training. */
        COLLAPSED_TRAINING,
        /** A loss that does not fall. */
        STUCK_LOSS,
        /** Training rows that are learned by heart. */
        OVERFITTING,
        /** A run that was ended before its last epoch. */
        STOPPED_RUN,
        /** A checkpoint that could not be written. */
        UNWRITTEN_CHECKPOINT,
        /** A network that decides the same for every sample. */
        EQUAL_DECISIONS,
        /** Labels without a positive among the rows that are measured. */
        LABELS_LEFT_OUT,
        /** Labels that are never predicted. */
        NEVER_PREDICTED_LABELS,
        /** A baseline that was left out or not computed to its end, because it would take too long. */
        LIMITED_BASELINE,
        /** A network that is no better than a constant. */
        NO_BETTER_THAN_CONSTANT,
        /** The threshold that was tuned. */
        TUNED_THRESHOLD,
        /** Every row has exactly one label. */
        EXCLUSIVE_LABELS,
        /** How the probabilities of several networks become those of an ensemble. */
        COMBINED_NETWORKS,
        /** Labels without a threshold of their own. */
        LABELS_WITHOUT_THRESHOLD;

        /** {@return whether it tells how a file was read, and is no problem} */
        public boolean isGuess() {
            return this == TABLE_FORM || this == LABEL_FILE_FORM || this == SEQUENCE_LETTERS || this == RNA_LETTERS;
        }
    }

    /**
     * A finding without a remedy: nothing needs to be done.
     *
     * @param code the kind
     * @param message a description
     */
    public Finding(Code code, Phrase message) {
        this(code, message, null);
    }

    /** {@return message and remedy as one phrase} */
    public Phrase whole() {
        return remedy == null ? message : Phrase.format("%s; %s", message, remedy);
    }

    /**
     * Message and remedy in one line.
     *
     * @param names gives the name of a setting
     * @return the line
     */
    public String text(Function<Setting, String> names) {
        return whole().text(names);
    }

    /** {@return message and remedy in one line, with the names of settings in Java} */
    @JsonValue
    public String text() {
        return text(Setting::text);
    }

    @Override
    public String toString() {
        return text();
    }
}
