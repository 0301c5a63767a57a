package org.lamella.cuda.operator;

import org.lamella.cuda.gpu.Arguments;
import org.lamella.plan.ElementsWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** Element-wise operators: copies, sums, probabilities. */
final class ElementsLaunches extends FamilyLaunches {

    private final ElementsWork work;

    ElementsLaunches(Launches launches, Op op, ElementsWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        switch (op().kind()) {
            case COPY, COPY_BACKWARD -> copy();
            case PROBABILITY -> probability();
            default -> throw unknown();
        }
    }

    private void copy() {
        Elements.Map x = launches().map(op(), Slot.X);
        Elements.Map y = launches().map(op(), Slot.Y);
        Elements e = Elements.joined(samples(), work.count(), x, y);
        launches()
                .launch(
                        "elementwise.cu",
                        "copy_map",
                        e.grid(),
                        e.arguments()
                                .integer(accumulate())
                                .address(x.address())
                                .integer(x.stride())
                                .address(y.address())
                                .integer(y.stride()));
    }

    private void probability() {
        launches()
                .kernel(
                        "loss.cu",
                        "probability",
                        elements(),
                        new Arguments()
                                .whole(elements())
                                .address(address(Slot.X))
                                .address(address(Slot.Y)));
    }

    private long elements() {
        return (long) samples() * work.count();
    }
}
