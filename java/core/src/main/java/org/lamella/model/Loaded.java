package org.lamella.model;

import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.data.Dataset;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.lamella.work.Work;

/** One network of a predictor on a device: its weights, and the programs that share them. Safe for any threads. */
final class Loaded implements AutoCloseable {

    private static final int BATCH = 64;
    /** Up to this number of rows, a call runs on its own thread: below it, more threads gained nothing. */
    private static final int FEW = 4;

    private final Weights weights;
    private final Lanes one;
    private final Lanes many;
    private final int width;

    /** A layer's values, or probabilities if {@code values} is false. */
    Loaded(Model model, ComputeDevice device, @Nullable String layer, boolean values) {
        Plan plan = device.plan(
                model.network(), values ? PlanOptions.values(BATCH, layer) : PlanOptions.probabilities(BATCH));
        this.width = plan.outputElements();
        this.weights = device.allocate(model.network(), WeightState.INFERENCE);
        @Nullable Lanes all = null;
        try {
            weights.write(Weights.Kind.PARAMETERS, 0, model.parameters());
            weights.write(Weights.Kind.RUNNING_STATISTICS, 0, model.statistics());
            all = new Lanes(1, () -> Lane.of(device, plan, weights, model.format()));
            all.makeOne();
            ComputeDevice single = device.withThreads(1);
            this.one = single == device
                    ? all
                    : new Lanes(
                            Runtime.getRuntime().availableProcessors(),
                            () -> Lane.of(single, plan, weights, model.format()));
            this.many = all;
        } catch (RuntimeException e) {
            if (all != null) {
                all.close();
            }
            weights.close();
            throw e;
        }
    }

    /** Values per sample. */
    int width() {
        return width;
    }

    /** Runs one row, which was checked. */
    void run(float[] row, float[] values) {
        on(one, lane -> lane.inference().run(row, values));
    }

    /** Runs rows, which were checked. */
    void run(Dataset data, int[] rows, float[][] values, Work work) {
        on(
                rows.length <= FEW ? one : many,
                lane -> lane.inference().run(data, rows, (first, last, output) -> {
                    for (int i = first; i < last; i++) {
                        output.get((i - first) * width, values[i], 0, width);
                    }
                    work.add(last - first);
                }));
    }

    private interface Use {
        void on(Lane lane);
    }

    private static void on(Lanes lanes, Use use) {
        Lane lane = lanes.take();
        try {
            use.on(lane);
        } finally {
            lanes.giveBack(lane);
        }
    }

    @Override
    public void close() {
        one.close();
        many.close();
        weights.close();
    }
}
