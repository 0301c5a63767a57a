package org.lamella.cuda.operator;

import org.lamella.cuda.gpu.Arguments;
import org.lamella.plan.ElementsWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** Values that are moved one by one: copies, sums, probabilities. */
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
        launches()
                .kernel(
                        "elementwise.cu",
                        "copy_map",
                        elements(),
                        new Arguments()
                                .integer(samples())
                                .whole(work.count())
                                .integer(accumulate())
                                .address(address(Slot.X))
                                .whole(stride(Slot.X))
                                .address(address(Slot.Y))
                                .whole(stride(Slot.Y)));
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
