package org.lamella.training;

import org.lamella.finding.Finding;

/** Is called with the progress of a run, on the training thread. */
public interface TrainingListener {

    /** Ignores everything. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * A step is done.
     *
     * @param epoch from 1
     * @param step its number in the epoch, from 1
     * @param stepsPerEpoch steps of every epoch
     */
    default void step(int epoch, long step, long stepsPerEpoch) {}

    /**
     * An epoch is done.
     *
     * @param result its results
     * @param epochs epochs of the whole run, if it does not stop early
     */
    default void epoch(EpochResult result, int epochs) {}

    /**
     * A problem was found that a person should look at; it will be among the run's findings.
     *
     * @param found the problem
     */
    default void finding(Finding found) {}

    /**
     * Something of interest happened, for example a resume.
     *
     * @param text one line
     */
    default void note(String text) {}
}
