package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.plan.MaskWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** A mask over the padding of sequences, forward or backward. */
final class MaskLaunches extends FamilyLaunches {

    private static final int THREADS = 256;
    /** Elements of a block at least: it looks for the end of the sequence first. */
    private static final int PART = 1024;

    private final MaskWork work;

    MaskLaunches(Launches launches, Op op, MaskWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        int size = Grid.floats(work.map().elements(), "a sample");
        int parts = Math.max(1, Math.min(size / PART, 4 * KernelSizes.BUSY_BLOCKS / samples()));
        launches()
                .launch(
                        "elementwise.cu",
                        "mask_padding",
                        new Grid(samples(), parts, THREADS),
                        new Arguments()
                                .integer(work.map().channels())
                                .integer(work.map().width())
                                .integer(work.input().channels())
                                .integer(work.input().width())
                                .integer(Math.toIntExact(work.positions().offset()))
                                .integer(Math.toIntExact(work.positions().stride()))
                                .number(work.covered())
                                .integer(work.scaled() ? 1 : 0)
                                .integer(accumulate())
                                .address(address(Slot.AUXILIARY))
                                .address(address(Slot.X))
                                .integer(stride(Slot.X))
                                .address(address(Slot.Y))
                                .integer(stride(Slot.Y)));
    }
}
