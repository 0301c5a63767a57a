package org.lamella.cuda.operator;

import org.lamella.cuda.gpu.DeviceMemory;
import org.lamella.cuda.gpu.Dnn;
import org.lamella.cuda.gpu.Launch;
import org.lamella.device.Kernels;
import org.lamella.network.Shape;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Slot;

/**
 * Passes of convolutions by cuDNN, with our kernels before and after. cuDNN has no fused max pool with argmax, so the
 * whole un-pooled map is in the replica's scratch memory, followed by cuDNN's workspace.
 */
final class DnnLaunches {

    private final Launches launches;
    private final Replica replica;
    private final Op op;
    private final ConvolutionWork work;

    DnnLaunches(Launches launches, Op op, ConvolutionWork work) {
        this.launches = launches;
        this.replica = launches.replica();
        this.op = op;
        this.work = work;
    }

    /**
     * Adds a pass; the forward pass includes all fused operations.
     *
     * @param wanted chosen for a whole batch; if it does not support this number of samples, cuDNN's first choice is
     *     taken
     * @return false, and nothing is added, if cuDNN has no algorithm that fits
     */
    boolean pass(Kernels.Pass pass, DnnConvolution.Algorithm wanted) {
        long map = work.pooling() == null ? 0 : mapBytes(op, launches.samples());
        long space = replica.scratchBytes() - map;
        DnnConvolution convolution = convolution(replica.gpu().dnn(), op, launches.samples());
        DnnConvolution.Algorithm algorithm = convolution.algorithm(pass, wanted.number(), space);
        if (algorithm == null) {
            convolution.close();
            return false;
        }
        long at = replica.scratch() + map;
        launches.add(owning(
                convolution,
                switch (pass) {
                    case FORWARD ->
                        convolution.forward(
                                algorithm,
                                launches.address(op, Slot.X),
                                launches.address(op, Slot.WEIGHT),
                                unpooled(Slot.Y),
                                at);
                    case FILTER ->
                        convolution.backwardFilter(
                                algorithm,
                                launches.address(op, Slot.X),
                                unpooled(Slot.DY),
                                launches.address(op, Slot.DWEIGHT),
                                at);
                    case DATA ->
                        convolution.backwardData(
                                algorithm,
                                launches.address(op, Slot.WEIGHT),
                                unpooled(Slot.DY),
                                launches.address(op, Slot.DX),
                                op.accumulate(),
                                at);
                }));
        if (pass == Kernels.Pass.FORWARD) {
            finish();
        }
        return true;
    }

    /** Address of the map before pooling. */
    private long unpooled(Slot slot) {
        return work.pooling() == null ? launches.address(op, slot) : replica.scratch();
    }

    /** Bias, pool and activation after a convolution. */
    private void finish() {
        Shape out = work.map();
        if (work.pooling() == null) {
            BiasLaunches.forward(
                    launches,
                    op,
                    work.activation(),
                    out.elements(),
                    out.height() * out.width(),
                    Slot.Y,
                    launches.address(op, Slot.BIAS));
            return;
        }
        Shape windows = work.output();
        launches.launch(
                "pool.cu",
                "pool_argmax_forward",
                planes(windows),
                ConvolutionArguments.of(launches.samples(), op, work, Slot.Y)
                        .integer(ActivationCode.of(work.activation()))
                        .number(ActivationCode.slope(work.activation()))
                        .address(replica.scratch())
                        .address(launches.address(op, Slot.BIAS))
                        .address(launches.address(op, Slot.Y))
                        .address(launches.address(op, Slot.INDEX)));
    }

    /** Writes the un-pooled gradient, as cuDNN needs it, into the scratch memory. */
    void unpool() {
        launches.launch(
                "pool.cu",
                "pool_argmax_backward",
                planes(work.map()),
                ConvolutionArguments.of(launches.samples(), op, work, Slot.DY)
                        .address(launches.address(op, Slot.DY))
                        .address(launches.address(op, Slot.INDEX))
                        .address(replica.scratch()));
    }

    /** A thread per position of a plane of this shape. */
    private Grid planes(Shape map) {
        return Grid.planes(launches.samples(), map.channels(), map.height() * map.width());
    }

    /** A convolution as cuDNN describes it. */
    static DnnConvolution convolution(Dnn dnn, Op op, int samples) {
        int stride = op.kind() == OpKind.CONVOLUTION && work(op).pooling() == null
                ? Replica.stride(op, Slot.Y)
                : work(op).map().elements();
        return new DnnConvolution(dnn, work(op).layer(), work(op).input(), samples, stride);
    }

    /** Bytes of a map before pooling. */
    static long mapBytes(Op op, int samples) {
        return DeviceMemory.aligned((long) samples * work(op).map().elements() * Float.BYTES);
    }

    private static ConvolutionWork work(Op op) {
        return op.work(ConvolutionWork.class);
    }

    /** A launch that closes the convolution when it is closed. */
    private static Launch owning(DnnConvolution convolution, Launch launch) {
        return new Launch() {
            @Override
            public void run() {
                launch.run();
            }

            @Override
            public void close() {
                convolution.close();
            }
        };
    }
}
