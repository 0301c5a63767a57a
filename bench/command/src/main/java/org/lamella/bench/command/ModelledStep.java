package org.lamella.bench.command;

import java.io.IOException;
import java.util.List;
import org.lamella.cuda.GpuTraits;
import org.lamella.network.Network;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import picocli.CommandLine.Mixin;

/** The training step of a model of GPUs. */
final class ModelledStep {

    @Mixin
    private StepNetwork step = new StepNetwork("1x100x100", 100);

    String net() {
        return step.net();
    }

    int batch() {
        return step.batch();
    }

    Network network() throws IOException {
        return step.network();
    }

    /** The plan of a training step with momentum, as on one GPU. */
    Plan plan() throws IOException {
        return Plan.of(
                network(),
                PlanOptions.training(batch(), OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0.9, 1e-4)),
                GpuTraits.PLAN);
    }

    /** The same options, for another process. */
    List<String> arguments() {
        return step.arguments();
    }
}
