package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.plan.LossWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/** The loss with its gradient, and the sum over all samples. */
final class LossLaunches extends FamilyLaunches {

    private static final String FILE = "loss.cu";

    private final LossWork work;

    LossLaunches(Launches launches, Op op, LossWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        switch (op().kind()) {
            case LOSS -> crossEntropy();
            case JOIN_LOSS -> sum();
            default -> throw unknown();
        }
    }

    @Override
    void idle() {
        switch (op().kind()) {
            case LOSS -> {}
            case JOIN_LOSS -> sum(); // of nothing
            default -> throw unknown();
        }
    }

    private void crossEntropy() {
        launches()
                .warps(
                        FILE,
                        "cross_entropy",
                        samples(),
                        new Arguments()
                                .integer(samples())
                                .integer(work.labels())
                                .address(address(Slot.X))
                                .address(launches().targets())
                                .address(launches().mask())
                                .address(launches().replica().tables().positiveWeights())
                                .structure(
                                        KernelStructure.FOCUS,
                                        work.rule().gammaPositive(),
                                        work.rule().gammaNegative(),
                                        work.rule().margin())
                                .address(launches().state())
                                .address(address(Slot.DX))
                                .address(address(Slot.PARTIAL)));
    }

    private void sum() {
        launches()
                .sums(
                        FILE,
                        "sum_tally",
                        1,
                        samples(),
                        new Arguments()
                                .integer(samples())
                                .address(address(Slot.PARTIAL))
                                .address(launches().result()));
    }
}
