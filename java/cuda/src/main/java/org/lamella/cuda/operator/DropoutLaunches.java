package org.lamella.cuda.operator;

import org.lamella.plan.DropoutWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** A dropout, the same forward and backward. */
final class DropoutLaunches extends FamilyLaunches {

    /** The kernel draws 24 bits for each unit. */
    private static final double ALL = 1 << 24;

    private final DropoutWork work;

    DropoutLaunches(Launches launches, Op op, DropoutWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        Elements.Map x = launches().map(op(), Slot.X);
        Elements.Map y = launches().map(op(), Slot.Y);
        Elements e = Elements.of(samples(), work.elements(), x, y);
        float rate = work.layer().rate();
        launches()
                .launch(
                        "elementwise.cu",
                        "dropout",
                        e.grid(),
                        e.arguments()
                                .integer((int) (rate * ALL))
                                .number(1 / (1 - rate))
                                .integer(accumulate())
                                .whole(work.stream())
                                .whole(launches().firstSample())
                                .address(launches().state())
                                .address(x.address())
                                .integer(x.stride())
                                .address(y.address())
                                .integer(y.stride()));
    }
}
