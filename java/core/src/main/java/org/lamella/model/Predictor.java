package org.lamella.model;

import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.device.Device;
import org.lamella.device.HostBuffers;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.WeightState;
import org.lamella.device.Weights;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** A model on a device, ready to run. Owns its native memory: close it. One caller at a time. */
public final class Predictor implements AutoCloseable {

    private static final int BATCH = 64;

    private final Model model;
    private final Weights weights;
    private final Program program;
    private final HostBuffers memory;
    private final BatchInference inference;
    private final int width;

    Predictor(Model model, Device device, @Nullable String layer, boolean values) {
        this.model = model;
        Plan plan = device.plan(
                model.network(), values ? PlanOptions.values(BATCH, layer) : PlanOptions.probabilities(BATCH));
        this.width = plan.outputElements();
        this.weights = device.allocate(model.network(), WeightState.INFERENCE);
        this.memory = device.hostBuffers();
        @Nullable Program compiled = null;
        try {
            weights.write(Weights.Kind.PARAMETERS, 0, model.parameters());
            weights.write(Weights.Kind.RUNNING_STATISTICS, 0, model.statistics());
            compiled = device.compile(plan, weights, ProgramSettings.DEFAULTS);
            this.inference = new BatchInference(compiled, model.format(), memory);
            this.program = compiled;
        } catch (RuntimeException e) {
            if (compiled != null) {
                compiled.close();
            }
            memory.close();
            weights.close();
            throw e;
        }
    }

    /** {@return the number of values per sample: labels, or units of the layer} */
    public int width() {
        return width;
    }

    /**
     * Runs some rows of a dataset.
     *
     * @param data has as many features as the model takes
     * @param rows row numbers, from 0, in any order; may be empty
     * @return rows x {@link #width()}: probabilities from 0 to 1, or a layer's values
     * @throws InputException if the data has another number of features
     * @throws IllegalStateException if the thread is interrupted
     * @throws org.lamella.device.DeviceException if the device fails
     */
    public float[][] run(Dataset data, int[] rows) {
        if (data.width() != model.format().scaling().shift().length) {
            throw new InputException("the data has " + data.width() + " features, the model takes "
                    + model.format().scaling().shift().length);
        }
        float[][] result = new float[rows.length][width];
        inference.run(data, rows, (first, last, output) -> {
            for (int i = first; i < last; i++) {
                output.get((i - first) * width, result[i]);
            }
        });
        return result;
    }

    /**
     * Runs all rows of a dataset.
     *
     * @param data has as many features as the model takes
     * @return rows x {@link #width()}, in the dataset's order
     * @throws InputException if the data has another number of features
     * @throws IllegalStateException if the thread is interrupted
     * @throws org.lamella.device.DeviceException if the device fails
     */
    public float[][] run(Dataset data) {
        return run(data, data.rows());
    }

    @Override
    public void close() {
        program.close();
        memory.close();
        weights.close();
    }
}
