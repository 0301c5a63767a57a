package org.lamella.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamella.bench.peers.PeerSetting.Axis;
import org.lamella.bench.peers.PeerSetting.Choice;
import org.lamella.cpu.CpuDevice;

/** The engines to compare with; each has a Maven module {@code bench/peers/NAME} and runs in a process of its own. */
public enum Peer {

    /** PyTorch through its Java bindings. */
    PYTORCH("PyTorch", "org.lamella.bench.peers.pytorch.PyTorchContestant", "pytorch"),
    /** Deeplearning4j with ND4J's native binaries, with and without oneDNN in them. */
    DEEPLEARNING4J(
            "Deeplearning4j", "org.lamella.bench.peers.deeplearning4j.Deeplearning4jContestant", "deeplearning4j-nn"),
    /** Apache MXNet through the Deep Java Library. */
    MXNET("MXNet", "org.lamella.bench.peers.mxnet.MxnetContestant", "mxnet-native-mkl"),
    /** oneDNN's primitives only: convolution, pooling, update and loss, called one by one. */
    ONEDNN("oneDNN", "org.lamella.bench.peers.onednn.OneDnnContestant", "dnnl");

    private final String title;
    private final String mainClass;
    private final String artifact;

    Peer(String title, String mainClass, String artifact) {
        this.title = title;
        this.mainClass = mainClass;
        this.artifact = artifact;
    }

    /** {@return the name as its developers write it} */
    public String title() {
        return title;
    }

    /** {@return folder under {@code bench/peers}, and name on the command line} */
    public String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return main class of its process} */
    public String mainClass() {
        return mainClass;
    }

    /** {@return Maven artifact whose version is the engine's} */
    public String artifact() {
        return artifact;
    }

    /**
     * The settings, the most important first: the search tries them one after the other.
     *
     * @param threads largest number of threads, 1 or more
     * @return settings to choose from
     */
    public List<Axis> axes(int threads) {
        List<Axis> axes = new ArrayList<>();
        switch (this) {
            case PYTORCH -> {
                axes.add(blasThreads());
                axes.add(layout("channels first", "channels last"));
            }
            case DEEPLEARNING4J -> {
                axes.add(graphs());
                axes.add(blasThreads());
                axes.add(layout("channels first", "channels last"));
            }
            case MXNET -> {
                axes.add(
                        new Axis("graph", List.of(Choice.AS_IT_COMES, Choice.arguments("symbolic", "graph=symbolic"))));
                axes.add(new Axis(
                        "engine",
                        List.of(
                                Choice.AS_IT_COMES,
                                Choice.environment("naive engine", Map.of("MXNET_ENGINE_TYPE", "NaiveEngine")))));
                axes.add(blasThreads());
            }
            default -> {
                axes.add(new Axis(
                        "post-ops", List.of(Choice.AS_IT_COMES, Choice.arguments("activations fused", "fuse=yes"))));
                axes.add(layout("blocked", "channels last"));
            }
        }
        axes.add(allocator());
        axes.add(new Axis(
                "OpenMP's wait",
                List.of(
                        Choice.AS_IT_COMES,
                        Choice.environment("OpenMP waits passively", Map.of("OMP_WAIT_POLICY", "passive")),
                        Choice.environment("OpenMP waits actively", Map.of("OMP_WAIT_POLICY", "active")))));
        axes.add(threads(threads));
        return axes;
    }

    /**
     * Layers or SameDiff, each on ND4J's binary with and without oneDNN; on processors without AVX-512, on the plain
     * binary.
     */
    private static Axis graphs() {
        if (!CpuDevice.isas().contains("avx512")) {
            return new Axis(
                    "graph",
                    List.of(
                            Choice.arguments("", "binary="),
                            Choice.arguments("SameDiff", "binary=", "graph=samediff")));
        }
        return new Axis(
                "graph and binary",
                List.of(
                        Choice.arguments("", "binary=-avx512"),
                        Choice.arguments("oneDNN's binary", "binary=-onednn-avx512"),
                        Choice.arguments("SameDiff", "binary=-avx512", "graph=samediff"),
                        Choice.arguments("SameDiff, oneDNN's binary", "binary=-onednn-avx512", "graph=samediff")));
    }

    /** OpenBLAS has a thread pool of its own, which competes with OpenMP's for the cores. */
    private static Axis blasThreads() {
        return new Axis(
                "BLAS threads",
                List.of(Choice.AS_IT_COMES, Choice.environment("1 BLAS thread", Map.of("OPENBLAS_NUM_THREADS", "1"))));
    }

    private static Axis layout(String usual, String other) {
        return new Axis(
                "layout",
                List.of(
                        Choice.arguments("", "layout=" + usual.replace(' ', '-')),
                        Choice.arguments(other, "layout=" + other.replace(' ', '-'))));
    }

    /** glibc's allocator keeps its memory instead of returning it to the system after every step. */
    private static Axis allocator() {
        Map<String, String> keep = new LinkedHashMap<>();
        keep.put("MALLOC_TRIM_THRESHOLD_", "8589934592");
        keep.put("MALLOC_MMAP_THRESHOLD_", "8589934592");
        keep.put("MALLOC_TOP_PAD_", "268435456");
        return new Axis("allocator", List.of(Choice.AS_IT_COMES, Choice.environment("memory kept", keep)));
    }

    private static Axis threads(int most) {
        List<Choice> choices = new ArrayList<>();
        for (int n = most; n >= 1; n /= 2) {
            choices.add(Choice.environment(
                    n == most ? "" : n + (n == 1 ? " thread" : " threads"),
                    Map.of("OMP_NUM_THREADS", Integer.toString(n))));
        }
        return new Axis("threads", choices);
    }
}
