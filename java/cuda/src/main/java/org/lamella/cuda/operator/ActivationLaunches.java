package org.lamella.cuda.operator;

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
        Slot source = op().has(Slot.X) ? Slot.X : Slot.Y; // the slope is computed from the input or from the output
        Elements.Map y = launches().map(op(), source);
        Elements.Map dy = launches().map(op(), Slot.DY);
        Elements.Map dx = launches().map(op(), Slot.DX);
        Elements e = Elements.joined(samples(), work.elements(), y, dy, dx);
        launches()
                .launch(
                        ActivationCode.variant(launches().gpu(), "activation.cu", work.layer()),
                        "activation_backward",
                        e.grid(),
                        e.arguments()
                                .integer(ActivationCode.of(work.layer()))
                                .number(ActivationCode.slope(work.layer()))
                                .integer(accumulate())
                                .address(y.address())
                                .integer(y.stride())
                                .address(dy.address())
                                .integer(dy.stride())
                                .address(dx.address())
                                .integer(dx.stride()));
    }
}
