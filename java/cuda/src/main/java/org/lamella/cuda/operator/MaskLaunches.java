package org.lamella.cuda.operator;

import org.lamella.cuda.gpu.Arguments;
import org.lamella.plan.MaskWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** A mask over the padding of sequences, forward or backward. */
final class MaskLaunches extends FamilyLaunches {

    private final MaskWork work;

    MaskLaunches(Launches launches, Op op, MaskWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        launches()
                .sums(
                        "elementwise.cu",
                        "mask_padding",
                        samples(),
                        work.map().elements(),
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
                                .whole(stride(Slot.X))
                                .address(address(Slot.Y))
                                .whole(stride(Slot.Y)));
    }
}
