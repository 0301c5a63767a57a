package org.lamella.cpu;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_activation;
import org.lamella.cpu.bindings.lamella_pooling;
import org.lamella.cpu.bindings.lamella_shape;
import org.lamella.cpu.bindings.lamella_update;
import org.lamella.cpu.bindings.lamella_work;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.ActivationWork;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.DenseWork;
import org.lamella.plan.DropoutWork;
import org.lamella.plan.ElementsWork;
import org.lamella.plan.LossWork;
import org.lamella.plan.MaskWork;
import org.lamella.plan.NormWork;
import org.lamella.plan.Op;
import org.lamella.plan.PoolWork;
import org.lamella.plan.UpdateWork;
import org.lamella.plan.Work;

/** Writes the shapes and options of an operator into the native struct of its family. */
final class WorkEncoder implements Work.Visitor<Pointer> {

    private static final Map<ActivationKind, Integer> ACTIVATIONS =
            numbers(ActivationKind.class, NativeEngine::lamella_activation_number);

    private final lamella_work to;

    WorkEncoder(lamella_work to) {
        this.to = to;
    }

    /**
     * Looks up the native number of every constant of an enum by its name.
     *
     * @throws IllegalStateException if the native engine does not have one of them
     */
    static <E extends Enum<E>> Map<E, Integer> numbers(Class<E> constants, ToIntFunction<String> number) {
        NativeLibrary.location();
        Map<E, Integer> numbers = Arrays.stream(constants.getEnumConstants())
                .collect(Collectors.toMap(
                        Function.identity(),
                        e -> number.applyAsInt(e.name()),
                        (a, b) -> a,
                        () -> new EnumMap<>(constants)));
        numbers.forEach((constant, found) -> {
            if (found < 0) {
                throw new IllegalStateException("the native engine has no " + constant);
            }
        });
        return numbers;
    }

    @Override
    public Pointer convolution(Op op, ConvolutionWork work) {
        Convolution c = work.layer();
        Shape map = work.map();
        var struct = to.convolution();
        shape(work.input(), struct.input());
        activation(work.activation(), struct.activation());
        if (work.pooling() != null) {
            pooling(work.pooling(), work.output(), struct.pooling());
        }
        return struct.filters(c.filters())
                .kernel_h(c.kernelH())
                .kernel_w(c.kernelW())
                .stride_h(c.strideH())
                .stride_w(c.strideW())
                .pad_h(c.padH())
                .pad_w(c.padW())
                .out_h(map.height())
                .out_w(map.width())
                .algorithm(
                        switch (work.algorithm()) {
                            case DIRECT -> NativeEngine.LAMELLA_DIRECT;
                            case WINOGRAD -> NativeEngine.LAMELLA_WINOGRAD;
                            case WINOGRAD_DATA -> NativeEngine.LAMELLA_WINOGRAD_DATA;
                            case ARGMAX -> NativeEngine.LAMELLA_ARGMAX;
                        });
    }

    @Override
    public Pointer pool(Op op, PoolWork work) {
        shape(work.input(), to.pool().input());
        return pooling(work.layer(), work.output(), to.pool().pooling());
    }

    @Override
    public Pointer activation(Op op, ActivationWork work) {
        activation(work.layer(), to.activate().activation());
        return to.activate().elements(work.elements());
    }

    @Override
    public Pointer norm(Op op, NormWork work) {
        shape(work.input(), to.norm().input());
        activation(work.activation(), to.norm().activation());
        return to.norm().epsilon(work.epsilon()).momentum(work.momentum());
    }

    @Override
    public Pointer dropout(Op op, DropoutWork work) {
        return to.dropout().elements(work.elements()).stream(work.stream())
                .rate(work.layer().rate());
    }

    @Override
    public Pointer mask(Op op, MaskWork work) {
        shape(work.map(), to.mask().map());
        return to.mask()
                .input_channels(work.input().channels())
                .input_width(work.input().width())
                .offset(Math.toIntExact(work.positions().offset()))
                .stride(Math.toIntExact(work.positions().stride()))
                .covered(work.covered())
                .scaled(work.scaled() ? 1 : 0);
    }

    @Override
    public Pointer elements(Op op, ElementsWork work) {
        return to.elements().count(work.count());
    }

    @Override
    public Pointer dense(Op op, DenseWork work) {
        activation(work.activation(), to.dense().activation());
        if (work.update() != null) {
            update(work.update(), to.dense().update());
        }
        return to.dense().inputs(work.inputs()).outputs(work.outputs()).slices(work.slices());
    }

    @Override
    public Pointer loss(Op op, LossWork work) {
        return to.loss()
                .labels(work.labels())
                .gamma_positive(work.rule().gammaPositive())
                .gamma_negative(work.rule().gammaNegative())
                .margin(work.rule().margin());
    }

    @Override
    public Pointer update(Op op, UpdateWork work) {
        return update(work, to.update());
    }

    private static void shape(Shape from, lamella_shape to) {
        to.channels(from.channels()).height(from.height()).width(from.width());
    }

    private static void activation(@Nullable Activation from, lamella_activation to) {
        if (from != null) {
            to.kind(Objects.requireNonNull(ACTIVATIONS.get(from.kind()))).slope(from.slope());
        }
    }

    private static Pointer pooling(Pooling from, Shape out, lamella_pooling to) {
        return to.kind(
                        from.kind() == PoolingKind.MAX
                                ? NativeEngine.LAMELLA_MAX_POOL
                                : NativeEngine.LAMELLA_AVERAGE_POOL)
                .window_h(from.windowH())
                .window_w(from.windowW())
                .stride_h(from.strideH())
                .stride_w(from.strideW())
                .pad_h(from.padH())
                .pad_w(from.padW())
                .out_h(out.height())
                .out_w(out.width());
    }

    private static Pointer update(UpdateWork from, lamella_update to) {
        OptimizerConfig rule = from.rule();
        return to.optimizer(
                        switch (rule.kind()) {
                            case SGD -> NativeEngine.LAMELLA_SGD;
                            case NESTEROV -> NativeEngine.LAMELLA_NESTEROV;
                            case ADAM -> NativeEngine.LAMELLA_ADAM;
                            case ADAMW -> NativeEngine.LAMELLA_ADAMW;
                        })
                .momentum(rule.momentum())
                .beta2(rule.beta2())
                .epsilon(rule.epsilon())
                .decay(from.decay())
                .count(from.parameters());
    }
}
