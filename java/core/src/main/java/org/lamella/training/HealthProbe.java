package org.lamella.training;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.data.batches.Batch;
import org.lamella.evaluation.LayerHealth;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.lamella.plan.PlanOptions;

/** Examines the layers of a network on a few samples. Slow: not for every step. */
final class HealthProbe {

    private static final int MAX_ROWS = 64;

    private final TrainingTask task;
    private final int[] rows;

    /**
     * @param task of the network
     * @param rows the samples; only the first few are used
     */
    HealthProbe(TrainingTask task, int[] rows) {
        this.task = task;
        this.rows = Arrays.copyOf(rows, Math.min(rows.length, MAX_ROWS));
    }

    /** Activations, and layers with weights, in the network's order. */
    List<LayerHealth> look(Model model) {
        Map<String, Double> gradients = gradients(model);
        List<LayerHealth> layers = new ArrayList<>();
        for (Node node : model.network().nodes()) {
            Double gradient = gradients.get(node.name());
            if (gradient != null) {
                layers.add(new LayerHealth(node.name(), Double.NaN, Double.NaN, gradient, Double.isFinite(gradient)));
            } else if (node.layer() instanceof Activation a) {
                layers.add(activation(
                        node.name(), a.kind(), model.network().shape(node.name()), values(model, node.name())));
            }
        }
        return layers;
    }

    /** The first layer, forward, with a value that is not finite; null if there is none. */
    @Nullable
    String firstNotFinite(Model model) {
        for (Node node : model.network().nodes()) {
            for (float[] sample : values(model, node.name())) {
                for (float v : sample) {
                    if (!Float.isFinite(v)) {
                        return node.name();
                    }
                }
            }
        }
        return null;
    }

    private float[][] values(Model model, String layer) {
        try (Predictor p = model.openLayer(task.device(), layer)) {
            return p.run(task.data(), rows);
        }
    }

    private static LayerHealth activation(String name, ActivationKind kind, Shape shape, float[][] values) {
        int plane = shape.height() * shape.width();
        boolean[] alive = new boolean[shape.channels()];
        long flat = 0;
        long all = 0;
        boolean finite = true;
        for (float[] sample : values) {
            for (int i = 0; i < sample.length; i++) {
                float v = sample[i];
                alive[i / plane] |= v != 0;
                flat += kind.saturated(v) ? 1 : 0;
                finite &= Float.isFinite(v);
                all++;
            }
        }
        int living = 0;
        for (boolean a : alive) {
            living += a ? 1 : 0;
        }
        return new LayerHealth(
                name,
                kind.saturates() ? flat / (double) Math.max(1, all) : Double.NaN,
                kind.canDie() ? 1 - living / (double) alive.length : Double.NaN,
                Double.NaN,
                finite);
    }

    private double slope(double logit, int target, int label) {
        return task.settings().loss.slope(logit, target, task.positiveWeight(label));
    }

    /** Root mean square of the gradient of each layer's weights. */
    private Map<String, Double> gradients(Model model) {
        Network network = model.network();
        int labels = model.labels().size();
        Batch batch = new Batch(model.format(), labels, rows.length);
        batch.fill(task.data(), rows, 0, rows.length);
        float[][] logits = values(model, network.output().name());
        FloatBuffer gradient = Batch.floats((long) rows.length * labels);
        for (int i = 0; i < rows.length; i++) {
            for (int l = 0; l < labels; l++) {
                int t = task.data().targets()[rows[i]][l];
                gradient.put(
                        i * labels + l, (float) (t < 0 ? 0 : slope(logits[i][l], t, l) / Math.max(1, batch.known())));
            }
        }
        Map<String, Double> found = new HashMap<>();
        try (Weights weights = task.device().allocate(network, WeightState.GRADIENTS);
                Program program = task.device()
                        .compile(
                                task.device().plan(network, PlanOptions.gradients(rows.length)),
                                weights,
                                ProgramSettings.DEFAULTS)) {
            weights.write(Weights.Kind.PARAMETERS, 0, model.parameters());
            if (model.statistics().length > 0) {
                weights.write(Weights.Kind.RUNNING_STATISTICS, 0, model.statistics());
            }
            FloatBuffer output = Batch.floats((long) rows.length * labels);
            program.step(new StepInput(rows.length, batch.input(), gradient, null, output, 1, 0, 1, 1));
            float[] all = weights.read(Weights.Kind.GRADIENTS);
            for (Parameter p : network.parameters()) {
                if (p.role() == Parameter.Role.WEIGHT) {
                    double squares = 0;
                    for (long i = p.offset(); i < p.offset() + p.count(); i++) {
                        squares += (double) all[(int) i] * all[(int) i];
                    }
                    found.put(p.name().substring(0, p.name().lastIndexOf('.')), Math.sqrt(squares / p.count()));
                }
            }
        }
        return found;
    }
}
