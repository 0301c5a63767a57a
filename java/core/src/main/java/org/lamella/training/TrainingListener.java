package org.lamella.training;

import org.lamella.finding.Finding;

/** Hears of a run's progress, on the training thread. */
public interface TrainingListener {

    /** Hears nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * A step is done.
     *
     * @param epoch from 1
     * @param step its number in the epoch, from 1
     * @param stepsAnEpoch steps of every epoch
     */
    default void step(int epoch, long step, long stepsAnEpoch) {}

    /**
     * An epoch is done.
     *
     * @param result what it brought
     * @param epochs epochs of the whole run, unless it stops early
     */
    default void epoch(EpochResult result, int epochs) {}

    /**
     * Something was found that a person should look at; it will be among the run's findings.
     *
     * @param found what
     */
    default void finding(Finding found) {}

    /**
     * Something worth telling happened.
     *
     * @param text one line for people
     */
    default void note(String text) {}
}
