package org.lamella.training;

import org.lamella.finding.Finding;

/** Hears of a run's progress, on the training thread. */
public interface TrainingListener {

    /** Hears nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /** A step is done. */
    default void step(int epoch, long step, long stepsAnEpoch) {}

    /** An epoch is done. */
    default void epoch(EpochResult result, int epochs) {}

    /**
     * Something was found that a person should look at; it will be among the run's findings.
     *
     * @param found what
     */
    default void finding(Finding found) {}

    /** Something worth telling happened. */
    default void note(String text) {}
}
