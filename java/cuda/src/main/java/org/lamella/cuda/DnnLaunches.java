package org.lamella.cuda;

import java.util.List;
import org.lamella.network.Layer;
import org.lamella.network.Shape;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/**
 * Convolutions by cuDNN between kernels of ours: it knows no winners, so a map that is pooled goes through the replica's scratch
 * memory as a whole.
 */
final class DnnLaunches {

    private final OperatorLaunches launches;
    private final Replica replica;

    DnnLaunches(OperatorLaunches launches, Replica replica) {
        this.launches = launches;
        this.replica = replica;
    }

    /** Adds a convolution with all that is fused to it; false, and nothing is added, if cuDNN has no algorithm that fits. */
    boolean forward(Op op) {
        Layer.Convolution c = op.convolution();
        Shape out = c.output(List.of(op.input()));
        boolean pooled = op.pooling() != null;
        int yStride = pooled ? out.elements() : OperatorLaunches.stride(op, Slot.Y);
        long map = pooled ? mapBytes(op) : 0;
        DnnConvolution convolution = new DnnConvolution(replica.gpu().dnn(), c, op.input(), launches.samples(), yStride);
        DnnConvolution.Algorithm algorithm = convolution.forward(replica.scratchBytes() - map);
        if (algorithm == null) {
            convolution.close();
            return false;
        }
        long y = pooled ? replica.scratch() : launches.address(op, Slot.Y);
        add(convolution, convolution.forward(algorithm, launches.address(op, Slot.X), launches.address(op, Slot.WEIGHT), y,
                replica.scratch() + map));
        if (pooled) {
            Shape windows = op.pooling().output(List.of(out));
            launches.kernel("pool.cu", "pool_winners_forward", (long) launches.samples() * windows.elements(),
                    launches.convolutionShape(op, Slot.Y).integer(OperatorLaunches.code(op)).number(OperatorLaunches.slope(op)).address(y)
                            .address(launches.address(op, Slot.BIAS)).address(launches.address(op, Slot.Y))
                            .address(launches.address(op, Slot.INDEX)));
        } else {
            launches.activate(op, out.elements(), (long) out.height() * out.width(), Slot.Y, launches.address(op, Slot.BIAS));
        }
        return true;
    }

    /** Likewise the gradients of a convolution. */
    boolean backward(Op op) {
        Shape out = op.convolution().output(List.of(op.input()));
        boolean pooled = op.pooling() != null;
        boolean data = op.operands().containsKey(Slot.DX);
        long map = pooled ? mapBytes(op) : 0;
        long space = replica.scratchBytes() - map;
        DnnConvolution convolution = new DnnConvolution(replica.gpu().dnn(), op.convolution(), op.input(), launches.samples(),
                out.elements());
        DnnConvolution.Algorithm filterAlgorithm = convolution.backwardFilter(space);
        DnnConvolution.Algorithm dataAlgorithm = data ? convolution.backwardData(space) : null;
        if (filterAlgorithm == null || (data && dataAlgorithm == null)) {
            convolution.close();
            return false;
        }
        long dy = launches.address(op, Slot.DY);
        if (pooled) {
            launches.kernel("pool.cu", "pool_winners_backward", (long) launches.samples() * out.elements(),
                    launches.convolutionShape(op, Slot.DY).address(dy).address(launches.address(op, Slot.INDEX))
                            .address(replica.scratch()));
            dy = replica.scratch();
        }
        long workspace = replica.scratch() + map;
        add(convolution, convolution.backwardFilter(filterAlgorithm, launches.address(op, Slot.X), dy, launches.address(op, Slot.DWEIGHT),
                workspace));
        launches.biasGradient(op);
        if (data) {
            launches.add(convolution.backwardData(dataAlgorithm, launches.address(op, Slot.WEIGHT), dy, launches.address(op, Slot.DX),
                    op.accumulate(), workspace));
        }
        return true;
    }

    /** Of a map that is not pooled. */
    private long mapBytes(Op op) {
        return mapBytes(op, launches.samples());
    }

    static long mapBytes(Op op, int samples) {
        return DeviceMemory.aligned((long) samples * op.convolution().output(List.of(op.input())).elements() * Float.BYTES);
    }

    /** Its first launch takes the convolution with it when it is closed. */
    private void add(DnnConvolution convolution, Launch first) {
        launches.add(new Launch() {
            @Override
            public void run() {
                first.run();
            }

            @Override
            public void close() {
                convolution.close();
            }
        });
    }
}
