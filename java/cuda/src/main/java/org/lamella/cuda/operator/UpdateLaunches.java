package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;
import org.lamella.plan.UpdateWork;

/** The update of all parameters: every GPU computes the same update from the same sums. */
final class UpdateLaunches extends FamilyLaunches {

    private final UpdateWork work;

    UpdateLaunches(Launches launches, Op op, UpdateWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        OptimizerConfig rule = work.rule();
        switch (rule.kind()) {
            case SGD, NESTEROV -> sgd(rule.kind() == OptimizerConfig.Kind.NESTEROV);
            case ADAM, ADAMW -> adam(rule.kind() == OptimizerConfig.Kind.ADAMW);
        }
    }

    @Override
    void idle() {
        busy();
    }

    private void sgd(boolean nesterov) {
        update(
                "update_sgd",
                begin(nesterov)
                        .number(work.decay())
                        .address(launches().replica().tables().decays())
                        .address(address(Slot.WEIGHT))
                        .address(address(Slot.DWEIGHT))
                        .address(address(Slot.MOMENT1)));
    }

    private void adam(boolean decoupled) {
        update(
                "update_adam",
                begin(decoupled)
                        .number(work.rule().beta2())
                        .number(work.rule().epsilon())
                        .number(work.decay())
                        .address(launches().replica().tables().decays())
                        .address(address(Slot.WEIGHT))
                        .address(address(Slot.DWEIGHT))
                        .address(address(Slot.MOMENT1))
                        .address(address(Slot.MOMENT2)));
    }

    private Arguments begin(boolean variant) {
        return new Arguments()
                .whole(work.parameters())
                .integer(variant ? 1 : 0)
                .address(launches().state())
                .number(work.rule().momentum());
    }

    private void update(String kernel, Arguments arguments) {
        launches().kernel("update.cu", kernel, Elements.threads(work.parameters(), KernelSizes.FLOATS), arguments);
    }
}
