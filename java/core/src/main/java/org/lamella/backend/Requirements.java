package org.lamella.backend;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Network;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** Checks of the arguments of programs, common to all backends, before native code uses them. */
public final class Requirements {

    private Requirements() {}

    /**
     * Checks that weights and settings fit a plan.
     *
     * @param plan the plan to compile
     * @param own the network of the weights
     * @param state which arrays the weights have
     * @param settings settings of the program
     * @throws IllegalArgumentException if they do not fit
     */
    public static void fit(Plan plan, Network own, WeightState state, ProgramSettings settings) {
        Network network = plan.network();
        if (own.parameterCount() != network.parameterCount() || own.statisticCount() != network.statisticCount()) {
            throw new IllegalArgumentException("these weights belong to another network: " + own.parameterCount()
                    + " parameters, the plan has " + network.parameterCount());
        }
        OptimizerConfig rule = plan.options().rule();
        boolean backward = rule != null || plan.options().mode() == PlanOptions.Mode.GRADIENTS;
        int needed = rule == null ? 0 : rule.moments();
        if (backward && (!state.gradients() || state.moments() < needed)) {
            throw new IllegalArgumentException("this plan needs gradients and " + needed
                    + " arrays of optimizer state; the weights were allocated without them");
        }
        float[] positive = settings.positiveWeights();
        if (positive != null && positive.length != network.outputs()) {
            throw new IllegalArgumentException(
                    "expected " + network.outputs() + " positive weights, got " + positive.length);
        }
    }

    /**
     * Checks one step.
     *
     * @param plan the plan of the program
     * @param in the buffers and numbers of the step
     * @throws IllegalArgumentException if a buffer is missing, not direct or too small, or a number is out of its range
     */
    public static void step(Plan plan, StepInput in) {
        PlanOptions options = plan.options();
        int samples = in.samples();
        if (samples < 1 || samples > options.batch()) {
            throw new IllegalArgumentException("samples must be 1 to " + options.batch() + ", got " + samples);
        }
        boolean training = options.mode() == PlanOptions.Mode.TRAINING;
        boolean backward = training || options.mode() == PlanOptions.Mode.GRADIENTS;
        int labels = plan.network().outputs();
        require("input", in.input(), (long) samples * plan.network().input().elements(), true);
        require("targets", in.targets(), (long) samples * labels, backward);
        require("mask", in.mask(), (long) samples * labels, false);
        require("output", in.output(), (long) samples * plan.outputElements(), !training);
        if (options.rule() != null && in.step() < 1) {
            throw new IllegalArgumentException("steps are numbered from 1, got " + in.step());
        }
    }

    /**
     * Adam's bias correction of its first moment, 1 - beta1^step.
     *
     * @param plan the plan of the program
     * @param in the step
     * @return above 0, to 1; 1 without an optimizer
     */
    public static double correction1(Plan plan, StepInput in) {
        return plan.options().rule() == null
                ? 1
                : 1 - Math.pow(plan.options().rule().momentum(), (double) in.step());
    }

    /**
     * Adam's bias correction of its second moment, 1 - beta2^step.
     *
     * @param plan the plan of the program
     * @param in the step
     * @return above 0, to 1; 1 without an optimizer
     */
    public static double correction2(Plan plan, StepInput in) {
        return plan.options().rule() == null
                ? 1
                : 1 - Math.pow(plan.options().rule().beta2(), (double) in.step());
    }

    private static void require(String what, @Nullable FloatBuffer buffer, long count, boolean needed) {
        if (buffer == null) {
            if (needed) {
                throw new IllegalArgumentException("this step needs " + what);
            }
            return;
        }
        if (!buffer.isDirect() || buffer.order() != ByteOrder.nativeOrder() || buffer.position() != 0) {
            throw new IllegalArgumentException(what + " must be a direct buffer in native byte order at position 0");
        }
        if (buffer.limit() < count) {
            throw new IllegalArgumentException(what + " holds " + buffer.limit() + " floats, the step needs " + count);
        }
    }
}
