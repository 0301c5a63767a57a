package org.lamella.cpu;

import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_op;
import org.lamella.cpu.bindings.lamella_operand;
import org.lamella.cpu.bindings.lamella_stage;
import org.lamella.network.Layer;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Plan;
import org.lamella.plan.Slot;
import org.lamella.plan.Stage;
import org.lamella.plan.Tensor;

/** Writes a plan as the arrays that the native engine runs. What it writes was checked when the plan was built. */
final class ProgramEncoder implements AutoCloseable {

    private static final Map<OpKind, Integer> KINDS = Map.ofEntries(
            Map.entry(OpKind.CONVOLUTION, NativeEngine.LAMELLA_CONVOLUTION),
            Map.entry(OpKind.POOL, NativeEngine.LAMELLA_POOL),
            Map.entry(OpKind.ACTIVATE, NativeEngine.LAMELLA_ACTIVATE),
            Map.entry(OpKind.NORMALIZE, NativeEngine.LAMELLA_NORMALIZE),
            Map.entry(OpKind.DROPOUT, NativeEngine.LAMELLA_DROPOUT),
            Map.entry(OpKind.MASK, NativeEngine.LAMELLA_MASK),
            Map.entry(OpKind.COPY, NativeEngine.LAMELLA_COPY),
            Map.entry(OpKind.NORM_MOMENTS, NativeEngine.LAMELLA_NORM_MOMENTS),
            Map.entry(OpKind.LOSS, NativeEngine.LAMELLA_LOSS),
            Map.entry(OpKind.PROBABILITY, NativeEngine.LAMELLA_PROBABILITY),
            Map.entry(OpKind.CONVOLUTION_BACKWARD, NativeEngine.LAMELLA_CONVOLUTION_BACKWARD),
            Map.entry(OpKind.POOL_BACKWARD, NativeEngine.LAMELLA_POOL_BACKWARD),
            Map.entry(OpKind.ACTIVATE_BACKWARD, NativeEngine.LAMELLA_ACTIVATE_BACKWARD),
            Map.entry(OpKind.NORM_GRADIENT_SUMS, NativeEngine.LAMELLA_NORM_GRADIENT_SUMS),
            Map.entry(OpKind.NORM_BACKWARD, NativeEngine.LAMELLA_NORM_BACKWARD),
            Map.entry(OpKind.TRANSPOSE, NativeEngine.LAMELLA_TRANSPOSE),
            Map.entry(OpKind.DENSE, NativeEngine.LAMELLA_DENSE),
            Map.entry(OpKind.DENSE_SLICE, NativeEngine.LAMELLA_DENSE_SLICE),
            Map.entry(OpKind.DENSE_JOIN, NativeEngine.LAMELLA_DENSE_JOIN),
            Map.entry(OpKind.DENSE_BACKWARD, NativeEngine.LAMELLA_DENSE_BACKWARD),
            Map.entry(OpKind.NORM_STATISTICS, NativeEngine.LAMELLA_NORM_STATISTICS),
            Map.entry(OpKind.NORM_FROZEN, NativeEngine.LAMELLA_NORM_FROZEN),
            Map.entry(OpKind.NORM_GRADIENT, NativeEngine.LAMELLA_NORM_GRADIENT),
            Map.entry(OpKind.JOIN_CONVOLUTION, NativeEngine.LAMELLA_JOIN_CONVOLUTION),
            Map.entry(OpKind.PACK_FILTERS, NativeEngine.LAMELLA_PACK_FILTERS),
            Map.entry(OpKind.JOIN_LOSS, NativeEngine.LAMELLA_JOIN_LOSS),
            Map.entry(OpKind.UPDATE, NativeEngine.LAMELLA_UPDATE));

    private final Plan plan;
    private final lamella_op ops;
    private final lamella_stage stages;

    ProgramEncoder(Plan plan) {
        this.plan = plan;
        List<Op> list = plan.ops();
        ops = new lamella_op(list.size());
        Pointer.memset(ops, 0, (long) ops.sizeof() * list.size());
        for (int i = 0; i < list.size(); i++) {
            encode(list.get(i), ops.getPointer(i));
        }
        stages = new lamella_stage(plan.stages().size());
        for (int i = 0; i < plan.stages().size(); i++) {
            Stage s = plan.stages().get(i);
            stages.getPointer(i)
                    .schedule(schedule(s.schedule()))
                    .first(s.first())
                    .count(s.count())
                    .group(s.group());
        }
    }

    lamella_op ops() {
        return ops;
    }

    lamella_stage stages() {
        return stages;
    }

    /** Bytes that a program of this plan holds. */
    long bytes(String isa, int threads) {
        long workspace = NativeEngine.lamella_workspace_bytes(
                ops, stages, plan.stages().size(), plan.options().batch(), isa);
        return plan.arenaBytes() + threads * (plan.localBytes() + workspace);
    }

    @Override
    public void close() {
        ops.close();
        stages.close();
    }

    private static int schedule(Stage.Schedule schedule) {
        return switch (schedule) {
            case SAMPLE -> NativeEngine.LAMELLA_BY_SAMPLE;
            case CHUNK -> NativeEngine.LAMELLA_BY_CHUNK;
            case UNIT -> NativeEngine.LAMELLA_BY_UNIT;
        };
    }

    private static void encode(Op op, lamella_op to) {
        to.kind(KINDS.get(op.kind())).accumulate(op.accumulate() ? 1 : 0).count(op.count()).stream(op.stream())
                .rate(op.rate());
        if (op.input() != null) {
            to.channels(op.input().channels())
                    .height(op.input().height())
                    .width(op.input().width());
        }
        if (op.outputs() > 0) {
            to.filters(op.outputs());
        }
        convolution(op, to);
        pooling(op, to);
        if (op.activation() != null) {
            to.activation(
                            switch (op.activation().kind()) {
                                case TANH -> NativeEngine.LAMELLA_TANH;
                                case SIGMOID -> NativeEngine.LAMELLA_SIGMOID;
                                case RELU -> NativeEngine.LAMELLA_RELU;
                                case LEAKY_RELU -> NativeEngine.LAMELLA_LEAKY_RELU;
                            })
                    .slope(op.activation().slope());
        }
        if (op.norm() != null) {
            to.epsilon(op.norm().epsilon()).momentum(op.norm().momentum());
        }
        optimizer(op, to);
        if (op.mask() != null) {
            Op.Mask m = op.mask();
            to.filters(m.input().channels())
                    .out_w(m.input().width())
                    .stride_w(Math.toIntExact(m.positions().stride()))
                    .pad_w(Math.toIntExact(m.positions().offset()))
                    .slope(m.use() == Layer.MaskUse.LOWEST ? -Float.MAX_VALUE : 0)
                    .algorithm(m.scaled() ? 1 : 0);
        }
        if (op.loss() != null) {
            to.gamma_positive(op.loss().gammaPositive())
                    .gamma_negative(op.loss().gammaNegative())
                    .margin(op.loss().margin());
        }
        op.operands().forEach((slot, operand) -> operand(operand, to.operand(slot(slot))));
    }

    private static void convolution(Op op, lamella_op to) {
        Layer.Convolution c = op.convolution();
        if (c == null) {
            return;
        }
        var out = c.output(List.of(op.input()));
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
                        switch (op.algorithm()) {
                            case DIRECT -> NativeEngine.LAMELLA_DIRECT;
                            case WINOGRAD -> NativeEngine.LAMELLA_WINOGRAD;
                            case WINOGRAD_DATA -> NativeEngine.LAMELLA_WINOGRAD_DATA;
                            case WINNERS -> NativeEngine.LAMELLA_WINNERS;
                        });
    }

    private static void pooling(Op op, lamella_op to) {
        Layer.Pooling p = op.pooling();
        if (p == null) {
            return;
        }
        var in = op.convolution() == null ? op.input() : op.convolution().output(List.of(op.input()));
        var out = p.output(List.of(in));
        to.pool(p.kind() == Layer.PoolingKind.MAX ? NativeEngine.LAMELLA_MAX_POOL : NativeEngine.LAMELLA_AVERAGE_POOL)
                .pool_h(p.windowH())
                .pool_w(p.windowW())
                .pool_stride_h(p.strideH())
                .pool_stride_w(p.strideW())
                .pool_pad_h(p.padH())
                .pool_pad_w(p.padW())
                .pooled_h(out.height())
                .pooled_w(out.width());
    }

    private static void optimizer(Op op, lamella_op to) {
        OptimizerRule rule = op.rule();
        if (rule == null) {
            return;
        }
        to.optimizer(
                        switch (rule.kind()) {
                            case SGD -> NativeEngine.LAMELLA_SGD;
                            case NESTEROV -> NativeEngine.LAMELLA_NESTEROV;
                            case ADAM -> NativeEngine.LAMELLA_ADAM;
                            case ADAMW -> NativeEngine.LAMELLA_ADAMW;
                        })
                .momentum(rule.momentum())
                .beta2(rule.beta2())
                .epsilon(rule.epsilon())
                .decay(op.decays() ? rule.weightDecay() : 0);
    }

    private static void operand(Op.Operand from, lamella_operand to) {
        Tensor t = from.tensor();
        to.space(space(t.space())).offset(t.offset() + from.shift()).stride(t.stride());
    }

    private static int slot(Slot slot) {
        return switch (slot) {
            case X -> NativeEngine.LAMELLA_X;
            case Y -> NativeEngine.LAMELLA_Y;
            case DX -> NativeEngine.LAMELLA_DX;
            case DY -> NativeEngine.LAMELLA_DY;
            case WEIGHT -> NativeEngine.LAMELLA_WEIGHT;
            case BIAS -> NativeEngine.LAMELLA_BIAS;
            case DWEIGHT -> NativeEngine.LAMELLA_DWEIGHT;
            case DBIAS -> NativeEngine.LAMELLA_DBIAS;
            case INDEX -> NativeEngine.LAMELLA_INDEX;
            case PARTIAL -> NativeEngine.LAMELLA_PARTIAL;
            case STATISTICS -> NativeEngine.LAMELLA_STATISTICS;
            case RUNNING -> NativeEngine.LAMELLA_RUNNING;
            case AUXILIARY -> NativeEngine.LAMELLA_AUXILIARY;
            case MOMENT1 -> NativeEngine.LAMELLA_MOMENT1;
            case MOMENT2 -> NativeEngine.LAMELLA_MOMENT2;
        };
    }

    private static int space(Tensor.Space space) {
        return switch (space) {
            case ARENA -> NativeEngine.LAMELLA_ARENA;
            case LOCAL -> NativeEngine.LAMELLA_LOCAL;
            case INPUT -> NativeEngine.LAMELLA_INPUT;
            case TARGET -> NativeEngine.LAMELLA_TARGET;
            case OUTPUT -> NativeEngine.LAMELLA_OUTPUT;
            case PARAMETERS -> NativeEngine.LAMELLA_PARAMETERS;
            case GRADIENTS -> NativeEngine.LAMELLA_GRADIENTS;
            case FIRST_MOMENTS -> NativeEngine.LAMELLA_FIRST_MOMENTS;
            case SECOND_MOMENTS -> NativeEngine.LAMELLA_SECOND_MOMENTS;
            case RUNNING_STATISTICS -> NativeEngine.LAMELLA_RUNNING_STATISTICS;
        };
    }
}
