package org.lamella.cuda.operator;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.UnusableDeviceException;
import org.lamella.cpu.Machine;
import org.lamella.cuda.gpu.DeviceMemory;
import org.lamella.cuda.library.CudaException;
import org.lamella.device.KernelChoice;
import org.lamella.device.Kernels;
import org.lamella.device.Kernels.Maker;
import org.lamella.device.Kernels.Pass;
import org.lamella.device.OutOfMemoryException;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;

/**
 * The passes of a replica's convolutions that cuDNN computes, and their algorithms. Where there is a choice, the
 * fastest alternative in a measurement is taken, for each pass and shape ({@link PassTimes}).
 */
public final class ConvolutionChoice {

    private static final long MAX_WORKSPACE = 256L << 20;
    /** cuDNN's maps and workspaces may take 1 / this of the free memory. */
    private static final int MEMORY_PART = 4;

    private final Replica replica;
    private final Kernels kernels;
    private final boolean graphs;
    private final int samples;
    private final Map<Integer, DnnAlgorithms> algorithms = new HashMap<>();
    private final List<KernelChoice> choices = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * Chooses, and allocates the scratch memory of the replica that the chosen algorithms need.
     *
     * @param kernels the user's choice for each pass
     * @param replica the plan on a GPU
     * @param graphs whether steps run as graphs
     * @throws IllegalArgumentException if cuDNN is asked for and missing
     * @throws OutOfMemoryException if it is asked for and its scratch memory does not fit
     */
    public ConvolutionChoice(Kernels kernels, Replica replica, boolean graphs) {
        this.kernels = kernels;
        this.replica = replica;
        this.graphs = graphs;
        this.samples = replica.plan().options().batch();
        List<Integer> convolutions = new ArrayList<>();
        List<Op> ops = replica.plan().ops();
        for (int i = 0; i < ops.size(); i++) {
            if (ops.get(i).kind() == OpKind.CONVOLUTION || ops.get(i).kind() == OpKind.CONVOLUTION_BACKWARD) {
                convolutions.add(i);
            }
        }
        if (!convolutions.isEmpty()) {
            choose(convolutions);
        }
    }

    /**
     * How cuDNN computes its passes of an operator.
     *
     * @param op index in the plan
     * @return {@link DnnAlgorithms#NONE} if cuDNN computes none of its passes
     */
    public DnnAlgorithms of(int op) {
        return algorithms.getOrDefault(op, DnnAlgorithms.NONE);
    }

    /**
     * All passes of all convolutions.
     *
     * @return in the order of a step
     */
    public List<KernelChoice> choices() {
        return choices;
    }

    /**
     * Notes for the user about the choice.
     *
     * @return one line each
     */
    public List<String> notes() {
        return notes;
    }

    private void choose(List<Integer> convolutions) {
        String refusal = kernels.equals(Kernels.OWN) ? "asked for" : refusal(convolutions);
        if (refusal != null) {
            for (int i : convolutions) {
                ConvolutionLaunches.passes(op(i)).forEach(pass -> add(i, pass, null, Double.NaN, Double.NaN, refusal));
            }
            return;
        }
        Map<Integer, Map<Pass, List<DnnConvolution.Algorithm>>> offers = new LinkedHashMap<>();
        long scratch = 0;
        for (int i : convolutions) {
            Map<Pass, List<DnnConvolution.Algorithm>> offered = offers(op(i));
            offers.put(i, offered);
            for (List<DnnConvolution.Algorithm> all : offered.values()) {
                scratch = Math.max(
                        scratch,
                        all.stream().mapToLong(a -> scratch(op(i), a)).max().orElse(0));
            }
        }
        replica.takeScratch(scratch);
        scratch = 0;
        for (Map.Entry<Integer, Map<Pass, List<DnnConvolution.Algorithm>>> offered : offers.entrySet()) {
            int i = offered.getKey();
            choose(i, offered.getValue());
            for (Pass pass : Pass.values()) {
                DnnConvolution.Algorithm chosen = of(i).of(pass);
                scratch = Math.max(scratch, chosen == null ? 0 : scratch(op(i), chosen));
            }
        }
        replica.takeScratch(scratch);
    }

    private Op op(int index) {
        return replica.plan().ops().get(index);
    }

    /** The reason why cuDNN computes nothing here; null if it can. */
    private @Nullable String refusal(List<Integer> convolutions) {
        String gpu = replica.gpu().name();
        try {
            replica.gpu().dnn();
        } catch (CudaException e) {
            if (kernels.any(Maker.CUDNN)) {
                throw new UnusableDeviceException(
                        Phrase.format("%s; use %s own", String.valueOf(e.getMessage()), Setting.KERNELS), e);
            }
            notes.add("convolutions on " + gpu + " run on kernels of ours alone: " + e.getMessage());
            return "cuDNN cannot be used";
        }
        long maps = maps(convolutions);
        if (maps <= most()) {
            return null;
        }
        String why = "cuDNN needs " + Machine.megabytes(maps)
                + " in addition to the arena, for maps that are not pooled; a quarter of the free memory of " + gpu
                + " is "
                + Machine.megabytes(most());
        if (kernels.any(Maker.CUDNN)) {
            throw new OutOfMemoryException(
                    Phrase.format("%s; use a smaller %s or %s own", why, Setting.BATCH, Setting.KERNELS));
        }
        notes.add("convolutions on " + gpu + " run on kernels of ours alone: " + why);
        return "cuDNN's maps do not fit";
    }

    private long maps(List<Integer> convolutions) {
        return convolutions.stream().map(this::op).mapToLong(this::map).max().orElse(0);
    }

    private long most() {
        return replica.gpu().freeMemory() / MEMORY_PART;
    }

    /** Bytes of the un-pooled map in the scratch memory. */
    private long map(Op op) {
        return op.work(ConvolutionWork.class).pooling() == null ? 0 : DnnLaunches.mapBytes(op, samples);
    }

    private long scratch(Op op, DnnConvolution.Algorithm algorithm) {
        return map(op) + DeviceMemory.aligned(algorithm.workspace());
    }

    /** cuDNN's algorithms for each pass of an operator that it may compute. */
    private Map<Pass, List<DnnConvolution.Algorithm>> offers(Op op) {
        Map<Pass, List<DnnConvolution.Algorithm>> offers = new EnumMap<>(Pass.class);
        for (Pass pass : ConvolutionLaunches.passes(op)) {
            offers.put(pass, kernels.of(pass) == Maker.OWN ? List.of() : offers(op, pass));
        }
        return offers;
    }

    private List<DnnConvolution.Algorithm> offers(Op op, Pass pass) {
        long space = Math.min(MAX_WORKSPACE, most() - map(op));
        String why = "";
        try (DnnConvolution c = DnnLaunches.convolution(replica.gpu().dnn(), op, samples)) {
            List<DnnConvolution.Algorithm> all = c.algorithms(pass, space);
            if (!all.isEmpty()) {
                return all;
            }
        } catch (CudaException e) {
            why = " (" + e.getMessage() + ")";
        }
        notes.add(String.format(
                "cuDNN has no deterministic algorithm in single precision within %s of workspace for %s, pass %s, "
                        + "on %s%s: a "
                        + "kernel of ours does it",
                Machine.megabytes(space), op.layer(), pass, replica.gpu().name(), why));
        return List.of();
    }

    private void choose(int index, Map<Pass, List<DnnConvolution.Algorithm>> offers) {
        PassTimes times = times(op(index), offers);
        Map<Pass, DnnConvolution.@Nullable Algorithm> best = new EnumMap<>(Pass.class);
        offers.forEach((pass, all) -> best.put(pass, fastest(pass, all, times)));
        Set<Pass> byDnn = byDnn(best, times);
        offers.forEach((pass, all) -> {
            DnnConvolution.Algorithm dnn = best.get(pass);
            add(
                    index,
                    pass,
                    byDnn.contains(pass) ? dnn : null,
                    times.own(pass),
                    dnn == null ? Double.NaN : finite(times.of(pass, dnn)),
                    reason(pass, all, times));
        });
    }

    /** The time of each alternative; none where there is no choice. */
    private PassTimes times(Op op, Map<Pass, List<DnnConvolution.Algorithm>> offers) {
        boolean own = offers.entrySet().stream()
                .anyMatch(e -> isFree(e.getKey(), !e.getValue().isEmpty()));
        if (!own && offers.values().stream().noneMatch(all -> all.size() > 1)) {
            return PassTimes.NONE;
        }
        PassTimes times = PassTimes.of(replica, op, offers, own, graphs);
        notes.addAll(times.failures());
        return times;
    }

    /** Whether a measurement decides who computes a pass. */
    private boolean isFree(Pass pass, boolean offered) {
        return kernels.of(pass) == Maker.AUTO && offered;
    }

    /**
     * The passes of an operator that cuDNN computes: those that the user asks for, and those in which it is faster, if
     * the gain exceeds the cost of un-pooling the map, which is done once for both gradients.
     */
    private Set<Pass> byDnn(Map<Pass, DnnConvolution.@Nullable Algorithm> best, PassTimes times) {
        Set<Pass> asked = EnumSet.noneOf(Pass.class);
        Set<Pass> faster = EnumSet.noneOf(Pass.class);
        double gain = 0;
        for (Map.Entry<Pass, DnnConvolution.@Nullable Algorithm> e : best.entrySet()) {
            Pass pass = e.getKey();
            DnnConvolution.Algorithm dnn = e.getValue();
            if (dnn == null) {
                continue;
            }
            if (kernels.of(pass) == Maker.CUDNN) {
                asked.add(pass);
            } else if (isFree(pass, true) && times.of(pass, dnn) < times.own(pass)) {
                faster.add(pass);
                gain += times.own(pass) - times.of(pass, dnn);
            }
        }
        boolean unpoolsAnyway = asked.contains(Pass.FILTER) || asked.contains(Pass.DATA);
        if (!faster.isEmpty() && gain > (unpoolsAnyway ? 0 : times.unpool())) {
            asked.addAll(faster);
        }
        return asked;
    }

    private DnnConvolution.@Nullable Algorithm fastest(Pass pass, List<DnnConvolution.Algorithm> all, PassTimes times) {
        DnnConvolution.Algorithm best = null;
        for (DnnConvolution.Algorithm a : all) {
            if (best == null || times.of(pass, a) < times.of(pass, best)) {
                best = a;
            }
        }
        return best;
    }

    private String reason(Pass pass, List<DnnConvolution.Algorithm> offers, PassTimes times) {
        if (kernels.of(pass) == Maker.OWN) {
            return "asked for";
        }
        if (offers.isEmpty()) {
            return "cuDNN has no algorithm";
        }
        String measured = times.isEmpty()
                ? ""
                : (times.kept() ? "measured before" : "measured") + ", "
                        + (offers.size() == 1 ? "one algorithm" : offers.size() + " algorithms");
        if (!times.isEmpty() && offers.stream().allMatch(a -> Double.isInfinite(times.of(pass, a)))) {
            return "none of cuDNN's " + offers.size() + " algorithms works here";
        }
        if (kernels.of(pass) == Maker.CUDNN) {
            return "asked for" + (times.isEmpty() ? "" : "; " + measured);
        }
        boolean unpools = times.unpool() > 0 && pass != Pass.FORWARD;
        return measured
                + (unpools ? String.format(Locale.ROOT, "; for cuDNN %.1f us more to un-pool", times.unpool()) : "");
    }

    private static double finite(double microseconds) {
        return Double.isInfinite(microseconds) ? Double.NaN : microseconds;
    }

    private void add(
            int index, Pass pass, DnnConvolution.@Nullable Algorithm algorithm, double own, double dnn, String reason) {
        if (algorithm != null) {
            algorithms.put(index, of(index).with(pass, algorithm));
        }
        choices.add(new KernelChoice(
                replica.gpu().name(),
                op(index).layer(),
                pass.toString(),
                algorithm == null ? "own" : "cudnn",
                algorithm == null ? null : algorithm.name(),
                own,
                dnn,
                reason));
    }
}
