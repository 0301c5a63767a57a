package org.lamella.cuda.operator;

import org.lamella.cuda.gpu.Arguments;
import org.lamella.plan.ActivationWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** An activation, or its gradient. */
final class ActivationLaunches extends FamilyLaunches {

    private final ActivationWork work;

    ActivationLaunches(Launches launches, Op op, ActivationWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        switch (op().kind()) {
            case ACTIVATE -> BiasLaunches.forward(launches(), op(), work.layer(), work.elements(), 1, Slot.X, 0);
            case ACTIVATE_BACKWARD -> backward();
            default -> throw unknown();
        }
    }

    private void backward() {
        Slot source = op().has(Slot.X) ? Slot.X : Slot.Y; // what the slope follows from
        launches()
                .kernel(
                        "elementwise.cu",
                        "activation_backward",
                        (long) samples() * work.elements(),
                        new Arguments()
                                .integer(samples())
                                .whole(work.elements())
                                .integer(ActivationCode.of(work.layer()))
                                .number(ActivationCode.slope(work.layer()))
                                .integer(accumulate())
                                .address(address(source))
                                .whole(stride(source))
                                .address(address(Slot.DY))
                                .whole(stride(Slot.DY))
                                .address(address(Slot.DX))
                                .whole(stride(Slot.DX)));
    }
}
