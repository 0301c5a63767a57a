package org.lamella.cuda;

import java.util.LinkedHashMap;
import java.util.Map;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.operator.Replica;

/** The compiled steps of a program, for different sizes and input slots; those that were used last are kept. */
final class CompiledSteps implements AutoCloseable {

    /** Full and last batches in all slots, and a few more. */
    private static final int MAX = 4 * Replica.SLOTS;

    /** Compiles a step. */
    interface Compiler {

        /** A step of some samples of all GPUs, with its input in a slot. */
        CompiledStep compile(int samples, int slot);
    }

    private final Compiler compiler;
    private final Map<Long, CompiledStep> steps = new LinkedHashMap<>(16, 0.75f, true);

    CompiledSteps(Compiler compiler) {
        this.compiler = compiler;
    }

    /** The step of some samples of all GPUs, with its input in a slot; compiled at first use. */
    CompiledStep of(int samples, int slot) {
        long key = (long) samples * Replica.SLOTS + slot;
        CompiledStep step = steps.get(key);
        if (step == null) {
            if (steps.size() >= MAX) {
                Long eldest = steps.keySet().iterator().next();
                steps.remove(eldest).close();
            }
            step = compiler.compile(samples, slot);
            steps.put(key, step);
        }
        return step;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(() -> CloseHelper.closeAll(steps.values()), steps::clear);
    }
}
