package org.lamella.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.data.Dataset;
import org.lamella.data.batches.Batch;
import org.lamella.device.Device;
import org.lamella.model.Model;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.lamella.training.TrainingResult;
import org.lamella.training.TrainingSettings;

/**
 * Memory and time of a network's layers.
 *
 * @param layers in the network's order
 * @param operators times of the operators, by layer, in the order of a training step
 * @param batch samples per step
 * @param arenaBytes bytes planned for a training step: the arena, and the workspace of one thread
 * @param naiveBytes bytes of all tensors without reuse of memory
 */
public record LayerCosts(
        List<LayerFacts> layers, List<OperatorTime> operators, int batch, long arenaBytes, long naiveBytes) {

    private static final double SECONDS = 0.4;
    private static final int MIN_STEPS = 3;

    /**
     * A layer.
     *
     * @param name its name
     * @param layer its text, for example {@code dense 20}
     * @param inputs names of its inputs
     * @param output shape of its output, for one sample
     * @param values number of output values
     * @param parameters number of parameters
     */
    public record LayerFacts(
            String name, String layer, List<String> inputs, String output, long values, long parameters) {}

    /**
     * Time of one layer, or of several fused ones.
     *
     * @param layers their names, joined by +
     * @param forwardUs microseconds of device time per sample
     * @param backwardUs the same, with the update of weights
     */
    public record OperatorTime(String layers, double forwardUs, double backwardUs) {}

    /**
     * Times training steps of a copy of a run's model, for about half a second.
     *
     * @param run a finished run
     * @param data the data of that run
     * @param settings the settings of that run
     * @param device where to measure
     * @return costs of all layers
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public static LayerCosts of(TrainingResult run, Dataset data, TrainingSettings settings, Device device) {
        Model model = run.model();
        int[] rows = run.partition().training();
        ComputeDevice where = ComputeDevice.of(device);
        int size = Math.min(settings.batch(), rows.length);
        Plan plan = where.plan(
                model.network(), PlanOptions.training(size, settings.rule()).withLoss(settings.loss()));
        double[] seconds;
        long samples = 0;
        try (Weights weights = where.allocate(model.network(), WeightState.of(settings.rule()));
                Program program = where.compile(plan, weights, ProgramSettings.DEFAULTS)) {
            weights.write(Weights.Kind.PARAMETERS, 0, model.parameters());
            Batch batch = new Batch(model.format(), model.labels().size(), size);
            batch.fill(data, rows, 0, size);
            StepInput step = new StepInput(
                    size,
                    batch.input(),
                    batch.targets(),
                    batch.mask(),
                    null,
                    1.0 / Math.max(1, batch.known()),
                    0,
                    1,
                    1);
            program.step(step);
            program.startProfile();
            long start = System.nanoTime();
            for (int i = 0; i < MIN_STEPS || System.nanoTime() - start < SECONDS * 1e9; i++) {
                program.step(step);
                samples += size;
            }
            seconds = program.profile();
        }
        return new LayerCosts(
                layers(model),
                operators(plan, seconds, samples),
                size,
                plan.arenaBytes() + plan.localBytes(),
                plan.naiveBytes());
    }

    /** Adds each operator's seconds to its layers, divided by {@code samples}; updates count as backward. */
    static List<OperatorTime> operators(Plan plan, double[] seconds, long samples) {
        Map<String, double[]> times = new LinkedHashMap<>();
        for (int i = 0; i < seconds.length; i++) {
            Op op = plan.ops().get(i);
            double[] both = times.computeIfAbsent(owner(op.layer(), plan.network()), k -> new double[2]);
            both[op.kind().phase() == OpKind.Phase.FORWARD ? 0 : 1] += seconds[i] / samples * 1e6;
        }
        return times.entrySet().stream()
                .map(e -> new OperatorTime(e.getKey(), e.getValue()[0], e.getValue()[1]))
                .toList();
    }

    /** The layer of a parameter, as operators of updates name the parameter. */
    private static String owner(String layer, Network network) {
        for (Parameter p : network.parameters()) {
            if (p.name().equals(layer)) {
                return layer.substring(0, layer.lastIndexOf('.'));
            }
        }
        return layer;
    }

    private static List<LayerFacts> layers(Model model) {
        List<LayerFacts> layers = new ArrayList<>();
        for (Node node : model.network().nodes()) {
            long parameters = model.network().parameters().stream()
                    .filter(p -> p.name().startsWith(node.name() + "."))
                    .mapToLong(Parameter::count)
                    .sum();
            layers.add(new LayerFacts(
                    node.name(),
                    node.layer().text(),
                    node.inputs(),
                    model.network().shape(node.name()).toString(),
                    model.network().shape(node.name()).elements(),
                    parameters));
        }
        return layers;
    }
}
