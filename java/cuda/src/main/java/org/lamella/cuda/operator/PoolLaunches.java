package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;
import org.lamella.plan.Op;
import org.lamella.plan.PoolWork;
import org.lamella.plan.Slot;

/** A pooling of its own, or its gradient. */
final class PoolLaunches extends FamilyLaunches {

    private static final String FILE = "pool.cu";

    private final PoolWork work;

    PoolLaunches(Launches launches, Op op, PoolWork work) {
        super(launches, op);
        this.work = work;
    }

    @Override
    void busy() {
        switch (op().kind()) {
            case POOL -> forward();
            case POOL_BACKWARD -> backward();
            default -> throw unknown();
        }
    }

    private void forward() {
        boolean max = work.layer().kind() == PoolingKind.MAX;
        Arguments arguments = shape(Slot.Y).address(address(Slot.X)).address(address(Slot.Y));
        launches()
                .kernel(
                        FILE,
                        max ? "pool_max_forward" : "pool_average_forward",
                        (long) samples() * work.output().elements(),
                        max ? arguments.address(address(Slot.INDEX)) : arguments);
    }

    private void backward() {
        launches()
                .kernel(
                        FILE,
                        "pool_backward",
                        (long) samples() * work.input().elements(),
                        shape(Slot.DY)
                                .integer(accumulate())
                                .address(address(Slot.DY))
                                .address(address(Slot.INDEX))
                                .address(address(Slot.DX)));
    }

    private Arguments shape(Slot y) {
        Pooling p = work.layer();
        Shape in = work.input();
        Shape out = work.output();
        return new Arguments()
                .structure(
                        KernelStructure.POOL_SHAPE,
                        (long) samples() * in.channels(),
                        in.height(),
                        in.width(),
                        p.windowH(),
                        p.windowW(),
                        p.strideH(),
                        p.strideW(),
                        p.padH(),
                        p.padW(),
                        out.height(),
                        out.width(),
                        in.channels(),
                        stride(y));
    }
}
