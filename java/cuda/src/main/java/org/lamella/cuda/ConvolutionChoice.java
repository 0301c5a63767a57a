package org.lamella.cuda;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.lamella.cpu.Machine;
import org.lamella.device.Kernels;
import org.lamella.device.OutOfMemoryException;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Slot;

/**
 * Which convolutions of a replica cuDNN computes. Where both can, a short measurement decides, operator by operator and shape by
 * shape, and its result is kept on disk beside the compiled kernels.
 */
final class ConvolutionChoice {

    private static final long MOST_WORKSPACE = 256L << 20;
    /** Of the memory that is free, for maps and workspaces of cuDNN. */
    private static final int MEMORY_PART = 4;
    private static final int RUNS = 3;
    private static final String OWN = "own";
    private static final String CUDNN = "cudnn";

    private final Replica replica;

    private ConvolutionChoice(Replica replica) {
        this.replica = replica;
    }

    /**
     * Indices of the operators that cuDNN computes on a replica, which then has the scratch memory for them.
     *
     * @throws IllegalArgumentException if cuDNN is asked for and missing
     * @throws OutOfMemoryException     if it is asked for and its scratch memory does not fit
     */
    static BitSet of(Kernels kernels, Replica replica) {
        List<Integer> convolutions = new ArrayList<>();
        List<Op> ops = replica.plan().ops();
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i).kind() == OpKind.CONVOLUTION || ops.get(i).kind() == OpKind.CONVOLUTION_BACKWARD) {
                convolutions.add(i);
            }
        }
        BitSet chosen = new BitSet();
        if (kernels == Kernels.OWN || convolutions.isEmpty()) {
            return chosen;
        }
        try {
            replica.gpu().dnn();
        } catch (CudaException e) {
            if (kernels == Kernels.CUDNN) {
                throw new IllegalArgumentException(e.getMessage() + "; use --kernels own");
            }
            return chosen;
        }
        return new ConvolutionChoice(replica).choose(kernels, convolutions);
    }

    private BitSet choose(Kernels kernels, List<Integer> convolutions) {
        BitSet chosen = new BitSet();
        List<Op> ops = replica.plan().ops();
        int samples = replica.plan().options().batch();
        long maps = convolutions.stream().map(ops::get).filter(op -> op.pooling() != null)
                .mapToLong(op -> DnnLaunches.mapBytes(op, samples)).max().orElse(0);
        long most = replica.gpu().freeMemory() / MEMORY_PART;
        if (maps > most && kernels == Kernels.CUDNN) {
            throw new OutOfMemoryException("cuDNN needs " + Machine.megabytes(maps) + " beside the arena for maps that are not pooled, a "
                    + "quarter of what is free on " + replica.gpu().name() + " is " + Machine.megabytes(most)
                    + "; use a smaller batch or --kernels own");
        }
        if (maps > most) {
            return chosen;
        }
        long workspace = 0;
        for (int i : convolutions) {
            workspace = Math.max(workspace, workspace(ops.get(i), samples, Math.min(MOST_WORKSPACE, most - maps)));
        }
        replica.takeScratch(maps + workspace);
        for (int i : convolutions) {
            if (kernels == Kernels.CUDNN || faster(ops.get(i), samples)) {
                chosen.set(i);
            }
        }
        if (chosen.isEmpty()) {
            replica.takeScratch(0);
        }
        return chosen;
    }

    /** Whether cuDNN is; what it cannot do on this GPU (nobody promises that it serves a K80) is ours. */
    private boolean faster(Op op, int samples) {
        try {
            return CUDNN.equals(replica.gpu().kept().decision(key(op, samples), () -> measure(op, samples)));
        } catch (CudaException e) {
            return false;  // not kept: if the GPU itself has failed, the next call says so
        }
    }

    /** What the algorithms want that cuDNN would take if it had {@code most}; nothing where it refuses. */
    private long workspace(Op op, int samples, long most) {
        int yStride = op.kind() == OpKind.CONVOLUTION && op.pooling() == null ? OperatorLaunches.stride(op, Slot.Y)
                : op.convolution().output(List.of(op.input())).elements();
        try (DnnConvolution c = new DnnConvolution(replica.gpu().dnn(), op.convolution(), op.input(), samples, yStride)) {
            if (op.kind() == OpKind.CONVOLUTION) {
                return bytes(c.forward(most));
            }
            return Math.max(bytes(c.backwardFilter(most)), op.operands().containsKey(Slot.DX) ? bytes(c.backwardData(most)) : 0);
        } catch (CudaException e) {
            return 0;
        }
    }

    private static long bytes(DnnConvolution.Algorithm algorithm) {
        return algorithm == null ? 0 : DeviceMemory.aligned(algorithm.workspace());
    }

    /** All that the faster one may depend on. */
    private byte[] key(Op op, int samples) {
        return String.join("|", replica.gpu().details(), Long.toString(Dnn.version()), KernelSources.read(KernelSources.HEADER),
                KernelSources.read("convolution_forward.cu"), KernelSources.read("convolution_backward_data.cu"),
                KernelSources.read("convolution_backward_filter.cu"), KernelSources.read("pool.cu"), op.kind().toString(),
                op.convolution().toString(), String.valueOf(op.pooling()), op.input().toString(), Integer.toString(samples),
                Boolean.toString(op.operands().containsKey(Slot.DX))).getBytes(StandardCharsets.UTF_8);
    }

    /** On whatever lies in memory: the time does not depend on it. */
    private String measure(Op op, int samples) {
        return milliseconds(op, samples, true) < milliseconds(op, samples, false) ? CUDNN : OWN;
    }

    private float milliseconds(Op op, int samples, boolean dnn) {
        GpuContext gpu = replica.gpu();
        List<Launch> launches = List.copyOf(new OperatorLaunches(replica, samples, 0, samples, 0, dnn).of(op));
        try (LaunchTimer timer = new LaunchTimer(gpu)) {
            String what = "a measurement of " + op;
            timer.milliseconds(launches, what);  // warms up
            float best = Float.MAX_VALUE;
            for (int run = 0; run < RUNS; run++) {
                best = Math.min(best, timer.milliseconds(launches, what));
            }
            return best;
        } finally {
            launches.forEach(Launch::close);
        }
    }
}
