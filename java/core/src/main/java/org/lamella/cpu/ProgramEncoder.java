package org.lamella.cpu;

import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_op;
import org.lamella.cpu.bindings.lamella_operand;
import org.lamella.cpu.bindings.lamella_stage;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
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
            Map.entry(OpKind.DROPOUT_BACKWARD, NativeEngine.LAMELLA_DROPOUT),
            Map.entry(OpKind.MASK, NativeEngine.LAMELLA_MASK),
            Map.entry(OpKind.MASK_BACKWARD, NativeEngine.LAMELLA_MASK),
            Map.entry(OpKind.COPY, NativeEngine.LAMELLA_COPY),
            Map.entry(OpKind.COPY_BACKWARD, NativeEngine.LAMELLA_COPY),
            Map.entry(OpKind.NORM_MOMENTS, NativeEngine.LAMELLA_NORM_MOMENTS),
            Map.entry(OpKind.LOSS, NativeEngine.LAMELLA_LOSS),
            Map.entry(OpKind.PROBABILITY, NativeEngine.LAMELLA_PROBABILITY),
            Map.entry(OpKind.CONVOLUTION_BACKWARD, NativeEngine.LAMELLA_CONVOLUTION_BACKWARD),
            Map.entry(OpKind.POOL_BACKWARD, NativeEngine.LAMELLA_POOL_BACKWARD),
            Map.entry(OpKind.ACTIVATE_BACKWARD, NativeEngine.LAMELLA_ACTIVATE_BACKWARD),
            Map.entry(OpKind.NORM_GRADIENT_SUMS, NativeEngine.LAMELLA_NORM_GRADIENT_SUMS),
            Map.entry(OpKind.NORM_BACKWARD, NativeEngine.LAMELLA_NORM_BACKWARD),
            Map.entry(OpKind.TRANSPOSE, NativeEngine.LAMELLA_TRANSPOSE),
            Map.entry(OpKind.TRANSPOSE_BACKWARD, NativeEngine.LAMELLA_TRANSPOSE),
            Map.entry(OpKind.DENSE, NativeEngine.LAMELLA_DENSE),
            Map.entry(OpKind.DENSE_SLICE, NativeEngine.LAMELLA_DENSE_SLICE),
            Map.entry(OpKind.DENSE_JOIN, NativeEngine.LAMELLA_DENSE_JOIN),
            Map.entry(OpKind.DENSE_BACKWARD, NativeEngine.LAMELLA_DENSE_BACKWARD),
            Map.entry(OpKind.NORM_STATISTICS, NativeEngine.LAMELLA_NORM_STATISTICS),
            Map.entry(OpKind.NORM_FROZEN, NativeEngine.LAMELLA_NORM_FROZEN),
            Map.entry(OpKind.NORM_GRADIENT, NativeEngine.LAMELLA_NORM_GRADIENT),
            Map.entry(OpKind.JOIN_CONVOLUTION, NativeEngine.LAMELLA_JOIN_CONVOLUTION),
            Map.entry(OpKind.PACK_FILTERS, NativeEngine.LAMELLA_PACK_FILTERS),
            Map.entry(OpKind.PACK_FILTERS_BACKWARD, NativeEngine.LAMELLA_PACK_FILTERS),
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
        to.kind(KINDS.get(op.kind())).accumulate(op.accumulate() ? 1 : 0);
        op.accept(new WorkEncoder(to));
        op.operands().forEach((slot, operand) -> operand(operand, to.operand(slot(slot))));
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
