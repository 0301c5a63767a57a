package org.lamella.cuda.operator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamella.cuda.compile.KernelCache;
import org.lamella.cuda.compile.KernelSources;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.Dnn;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.gpu.LaunchTimer;
import org.lamella.cuda.library.CudaException;
import org.lamella.device.Kernels;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/**
 * The time of each alternative for each pass of a convolution on a GPU, in microseconds. Times are measured once and
 * kept on disk next to the compiled kernels, under a key of everything that they may depend on.
 */
final class PassTimes {

    /** No times: nothing was measured. */
    static final PassTimes NONE = new PassTimes(Map.of(), List.of(), false);

    private static final String OWN = "own";
    private static final String UNPOOL = "unpool";
    /** Sources of our kernels. */
    private static final List<String> SOURCES = List.of(
            KernelSources.HEADER,
            "convolution.cuh",
            "convolution_forward.cu",
            ConvolutionRows.FILE,
            "convolution_backward_data.cu",
            "convolution_backward_filter.cu",
            "convolution_pool.cuh",
            "convolution_pool_backward_data.cu",
            "convolution_pool_backward_filter.cu",
            "convolution_pool_backward_filter_few.cu",
            "gemm.cuh",
            "convolution_gemm.cuh",
            "convolution_gemm_source.cuh",
            "convolution_gemm_forward.cu",
            "convolution_gemm_backward_data.cu",
            "convolution_gemm_backward_filter.cu",
            "pool.cu",
            "elements.cuh",
            "sums.cuh",
            "activation.cu",
            "elementwise.cu");
    /** One of those kernels: all of them are compiled by the same compiler. */
    private static final KernelVariant OWN_KERNEL = new KernelVariant("convolution_forward.cu", Map.of());

    private final Map<String, Double> microseconds = new HashMap<>();
    private final List<String> failures;
    private final boolean kept;

    private PassTimes(Map<String, Double> microseconds, List<String> failures, boolean kept) {
        this.microseconds.putAll(microseconds);
        this.failures = failures;
        this.kept = kept;
    }

    /** Algorithms that cuDNN offered and that then failed, one line each. */
    List<String> failures() {
        return failures;
    }

    /** Whether nothing was measured. */
    boolean isEmpty() {
        return microseconds.isEmpty();
    }

    /** Whether they come from an earlier measurement. */
    boolean kept() {
        return kept;
    }

    double own(Kernels.Pass pass) {
        return microseconds.getOrDefault(pass + " " + OWN, Double.NaN);
    }

    /** Infinite for an algorithm that fails. */
    double of(Kernels.Pass pass, DnnConvolution.Algorithm algorithm) {
        return microseconds.getOrDefault(pass + " " + algorithm.number(), Double.POSITIVE_INFINITY);
    }

    /** The time to un-pool a map for cuDNN's gradients; 0 without a fused pool. */
    double unpool() {
        return microseconds.getOrDefault(UNPOOL, 0.0);
    }

    /**
     * Reads the times from disk, or measures them. The replica must have the scratch memory that all algorithms need.
     *
     * @param algorithms cuDNN's, for each pass to measure
     * @param own whether our kernels are measured too
     * @param graphs whether graphs work here
     * @throws CudaException if one of our kernels or the GPU fails
     */
    static PassTimes of(
            Replica replica,
            Op op,
            Map<Kernels.Pass, List<DnnConvolution.Algorithm>> algorithms,
            boolean own,
            boolean graphs) {
        boolean[] measured = new boolean[1];
        List<String> failures = new ArrayList<>();
        // A failed algorithm may work in another run, so times with failures are not kept.
        String text = replica.gpu()
                .kept()
                .decision(
                        key(replica, op, algorithms, own, graphs),
                        () -> {
                            measured[0] = true;
                            return write(measure(replica, op, algorithms, own, graphs, failures));
                        },
                        times -> failures.isEmpty());
        return new PassTimes(read(text), failures, !measured[0]);
    }

    private static Map<String, Double> measure(
            Replica replica,
            Op op,
            Map<Kernels.Pass, List<DnnConvolution.Algorithm>> algorithms,
            boolean own,
            boolean graphs,
            List<String> failures) {
        GpuContext gpu = replica.gpu();
        int samples = replica.plan().options().batch();
        ConvolutionWork work = op.work(ConvolutionWork.class);
        Launches launches = new Launches(replica, samples, 0, samples, 0);
        ConvolutionLaunches convolution = new ConvolutionLaunches(launches, op, work, DnnAlgorithms.NONE);
        gpu.use();
        Map<String, Double> times = new HashMap<>();
        try (LaunchTimer timer = new LaunchTimer(gpu)) {
            algorithms.forEach((pass, all) -> {
                String what = "a measurement of " + op + ", " + pass;
                if (own) {
                    convolution.pass(pass, null);
                    times.put(pass + " " + OWN, time(timer, launches.take(), graphs, what));
                }
                for (DnnConvolution.Algorithm a : all) {
                    try {
                        convolution.pass(pass, a);
                        times.put(pass + " " + a.number(), time(timer, launches.take(), graphs, what + " by cuDNN"));
                    } catch (CudaException e) {
                        if (gpu.failed() || !timer.works()) {
                            throw e;
                        }
                        // An algorithm that fails, or cannot be captured into a graph, is not used.
                        failures.add("cuDNN's " + a.name() + " for " + op.layer() + ", pass " + pass + ", is not used: "
                                + e.getMessage());
                        times.put(pass + " " + a.number(), Double.POSITIVE_INFINITY);
                    }
                }
            });
            if (work.pooling() != null && !algorithms.containsKey(Kernels.Pass.FORWARD)) {
                convolution.unpool();
                times.put(UNPOOL, time(timer, launches.take(), graphs, "a measurement of " + op));
            }
        }
        return times;
    }

    /** Measures on uninitialised memory: the time does not depend on the values. */
    private static double time(LaunchTimer timer, List<Launch> launches, boolean graphs, String what) {
        try {
            return timer.microseconds(launches, graphs, what);
        } finally {
            CloseHelper.closeAll(launches);
        }
    }

    private static String write(Map<String, Double> times) {
        return times.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, Double> read(String text) {
        Map<String, Double> times = new HashMap<>();
        for (String line : text.split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                times.put(line.substring(0, equals), Double.valueOf(line.substring(equals + 1)));
            }
        }
        return times;
    }

    /** Everything that the times may depend on. */
    private static byte[] key(
            Replica replica,
            Op op,
            Map<Kernels.Pass, List<DnnConvolution.Algorithm>> algorithms,
            boolean own,
            boolean graphs) {
        ConvolutionWork work = op.work(ConvolutionWork.class);
        KernelCache kept = replica.gpu().kept();
        List<String> parts = new ArrayList<>(
                List.of("times of passes", replica.gpu().properties().details(), Long.toString(Dnn.version())));
        parts.add(kept.origin(OWN_KERNEL, replica.gpu().properties().architecture()));
        SOURCES.forEach(file -> parts.add(kept.sources().text(file)));
        parts.addAll(List.of(
                op.kind().toString(),
                work.layer().toString(),
                String.valueOf(work.pooling()),
                work.input().toString(),
                String.valueOf(work.activation()),
                Replica.stride(op, Slot.Y) + " " + Replica.stride(op, Slot.DY) + op.accumulate(),
                Integer.toString(replica.plan().options().batch()),
                new EnumMap<>(algorithms).toString(),
                Boolean.toString(own),
                Boolean.toString(graphs)));
        return String.join("|", parts).getBytes(StandardCharsets.UTF_8);
    }
}
