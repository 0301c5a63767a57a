package org.lamella.cli.report;

import java.util.List;
import java.util.function.Consumer;
import org.lamella.finding.Finding;
import org.lamella.training.EpochResult;
import org.lamella.training.TrainingListener;

/**
 * Several listeners as one.
 *
 * @param all called in this order
 */
public record Listeners(List<TrainingListener> all) implements TrainingListener {

    /**
     * Several listeners as one.
     *
     * @param all called in this order
     * @return a listener
     */
    public static Listeners of(TrainingListener... all) {
        return new Listeners(List.of(all));
    }

    private void each(Consumer<TrainingListener> call) {
        all.forEach(call);
    }

    @Override
    public boolean stops() {
        return all.stream().anyMatch(TrainingListener::stops);
    }

    @Override
    public void resumed(List<EpochResult> earlier) {
        each(l -> l.resumed(earlier));
    }

    @Override
    public void step(int epoch, long step, long stepsPerEpoch) {
        each(l -> l.step(epoch, step, stepsPerEpoch));
    }

    @Override
    public void epoch(EpochResult result, int epochs) {
        each(l -> l.epoch(result, epochs));
    }

    @Override
    public void finding(Finding found) {
        each(l -> l.finding(found));
    }

    @Override
    public void note(String text) {
        each(l -> l.note(text));
    }
}
