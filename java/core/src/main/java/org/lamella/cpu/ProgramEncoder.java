package org.lamella.cpu;

import java.util.List;
import java.util.Map;
import java.util.Objects;
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

/** Writes a plan as the arrays that the native engine runs. The plan was checked when it was built. */
final class ProgramEncoder implements AutoCloseable {

    private static final Map<OpKind, Integer> KINDS =
            WorkEncoder.numbers(OpKind.class, NativeEngine::lamella_kind_number);

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

    /** Bytes that a program of this plan allocates. */
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
        to.kind(Objects.requireNonNull(KINDS.get(op.kind()))).accumulate(op.accumulate() ? 1 : 0);
        op.accept(new WorkEncoder(to.work()));
        op.operands().forEach((slot, operand) -> operand(operand, to.operand(slot(slot))));
    }

    private static void operand(Op.Operand from, lamella_operand to) {
        Tensor t = from.tensor();
        to.space(space(Objects.requireNonNull(t.space(), t.name())))
                .offset(t.offset() + from.shift())
                .stride(t.stride());
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
