package org.lamella.cpu;

import org.jspecify.annotations.Nullable;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_op;
import org.lamella.network.Layer;
import org.lamella.network.Shape;
import org.lamella.plan.Op;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Work;

/** Writes the shapes and options of an operator into its native struct. */
final class WorkEncoder implements Work.Visitor<lamella_op> {

    private final lamella_op to;

    WorkEncoder(lamella_op to) {
        this.to = to;
    }

    @Override
    public lamella_op convolution(Op op, Work.Convolution work) {
        Layer.Convolution c = work.layer();
        Shape out = work.map();
        shape(work.input());
        activation(work.activation());
        to.filters(c.filters())
                .kernel_h(c.kernelH())
                .kernel_w(c.kernelW())
                .stride_h(c.strideH())
                .stride_w(c.strideW())
                .pad_h(c.padH())
                .pad_w(c.padW())
                .out_h(out.height())
                .out_w(out.width())
                .algorithm(
                        switch (work.algorithm()) {
                            case DIRECT -> NativeEngine.LAMELLA_DIRECT;
                            case WINOGRAD -> NativeEngine.LAMELLA_WINOGRAD;
                            case WINOGRAD_DATA -> NativeEngine.LAMELLA_WINOGRAD_DATA;
                            case WINNERS -> NativeEngine.LAMELLA_WINNERS;
                        });
        return work.pooling() == null ? to : pooling(work.pooling(), work.output());
    }

    @Override
    public lamella_op pool(Op op, Work.Pool work) {
        shape(work.input());
        return pooling(work.layer(), work.output());
    }

    @Override
    public lamella_op activation(Op op, Work.Activation work) {
        activation(work.layer());
        return to.count(work.elements());
    }

    @Override
    public lamella_op norm(Op op, Work.Norm work) {
        shape(work.input());
        activation(work.activation());
        return to.epsilon(work.layer().epsilon()).momentum(work.layer().momentum());
    }

    @Override
    public lamella_op dropout(Op op, Work.Dropout work) {
        return to.count(work.elements()).stream(work.stream()).rate(work.layer().rate());
    }

    @Override
    public lamella_op mask(Op op, Work.Mask work) {
        shape(work.map());
        return to.count(work.map().elements())
                .filters(work.input().channels())
                .out_w(work.input().width())
                .stride_w(Math.toIntExact(work.positions().stride()))
                .pad_w(Math.toIntExact(work.positions().offset()))
                .slope(work.use() == Layer.MaskUse.LOWEST ? -Float.MAX_VALUE : 0)
                .algorithm(work.scaled() ? 1 : 0);
    }

    @Override
    public lamella_op elements(Op op, Work.Elements work) {
        return to.count(work.count());
    }

    @Override
    public lamella_op dense(Op op, Work.Dense work) {
        shape(Shape.vector(work.inputs()));
        activation(work.activation());
        to.filters(work.outputs()).count(work.slices());
        return work.update() == null ? to : optimizer(work.update());
    }

    @Override
    public lamella_op loss(Op op, Work.Loss work) {
        return to.count(work.labels())
                .gamma_positive(work.rule().gammaPositive())
                .gamma_negative(work.rule().gammaNegative())
                .margin(work.rule().margin());
    }

    @Override
    public lamella_op update(Op op, Work.Update work) {
        return optimizer(work).count(work.parameters());
    }

    private void shape(Shape input) {
        to.channels(input.channels()).height(input.height()).width(input.width());
    }

    private void activation(Layer.@Nullable Activation activation) {
        if (activation == null) {
            return;
        }
        to.activation(
                        switch (activation.kind()) {
                            case TANH -> NativeEngine.LAMELLA_TANH;
                            case SIGMOID -> NativeEngine.LAMELLA_SIGMOID;
                            case RELU -> NativeEngine.LAMELLA_RELU;
                            case LEAKY_RELU -> NativeEngine.LAMELLA_LEAKY_RELU;
                        })
                .slope(activation.slope());
    }

    private lamella_op pooling(Layer.Pooling p, Shape out) {
        return to.pool(
                        p.kind() == Layer.PoolingKind.MAX
                                ? NativeEngine.LAMELLA_MAX_POOL
                                : NativeEngine.LAMELLA_AVERAGE_POOL)
                .pool_h(p.windowH())
                .pool_w(p.windowW())
                .pool_stride_h(p.strideH())
                .pool_stride_w(p.strideW())
                .pool_pad_h(p.padH())
                .pool_pad_w(p.padW())
                .pooled_h(out.height())
                .pooled_w(out.width());
    }

    private lamella_op optimizer(Work.Update update) {
        OptimizerRule rule = update.rule();
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
                .decay(update.decay());
    }
}
