package org.lamella.training;

import java.util.List;
import org.lamella.finding.Finding;

/** Is called with the progress of a run, on the training thread. */
public interface TrainingListener {

    /** Ignores everything. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * The run continues from a checkpoint.
     *
     * @param earlier the results of the epochs before it
     */
    default void resumed(List<EpochResult> earlier) {}

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
     * Whether training should stop: asked after every step and every epoch, on the training thread. Training then ends
     * with the weights of the best epoch so far, as if it had been the last one, and a checkpoint of the last complete
     * epoch is written. An epoch that is not complete is dropped, except the first: its weights are kept as they are.
     *
     * @return true to stop, and from then on always true; another thread may have decided it
     */
    default boolean stops() {
        return false;
    }

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
