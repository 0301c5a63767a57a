package org.lamella.cuda.operator;

import org.lamella.cuda.gpu.Arguments;
import org.lamella.plan.DropoutWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** A dropout, the same forward and backward. */
final class DropoutLaunches extends FamilyLaunches {

    private final DropoutWork work;

    DropoutLaunches(Launches launches, Op op, DropoutWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        launches()
                .kernel(
                        "elementwise.cu",
                        "dropout",
                        (long) samples() * work.elements(),
                        new Arguments()
                                .integer(samples())
                                .whole(work.elements())
                                .number(work.layer().rate())
                                .integer(accumulate())
                                .whole(work.stream())
                                .whole(launches().firstSample())
                                .address(launches().state())
                                .address(address(Slot.X))
                                .whole(stride(Slot.X))
                                .address(address(Slot.Y))
                                .whole(stride(Slot.Y)));
    }
}
