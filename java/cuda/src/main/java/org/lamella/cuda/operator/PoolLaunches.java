package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;
import org.lamella.plan.Op;
import org.lamella.plan.PoolWork;
import org.lamella.plan.Slot;

/** Pooling that is not fused, or its gradient. */
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
                .launch(
                        FILE,
                        max ? "pool_max_forward" : "pool_average_forward",
                        planes(work.output()),
                        max ? arguments.address(address(Slot.INDEX)) : arguments);
    }

    private void backward() {
        launches()
                .launch(
                        FILE,
                        "pool_backward",
                        planes(work.input()),
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
                        samples(),
                        in.channels(),
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
                        stride(y));
    }

    /** A thread per position of a plane of this shape. */
    private Grid planes(Shape map) {
        return Grid.planes(samples(), map.channels(), Grid.floats((long) map.height() * map.width(), "a map"));
    }
}
