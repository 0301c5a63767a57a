package org.lamella.bench.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.DenseArithmetic;
import org.lamella.bench.Median;
import org.lamella.bench.peers.Peer;
import org.lamella.bench.peers.PeerComparison;
import org.lamella.bench.peers.PeerTask;
import org.lamella.cli.option.Candidates;
import org.lamella.cpu.CpuDevice;
import org.lamella.cpu.Machine;
import org.lamella.network.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench peers}: the same work in this engine and in others, windows alternating. */
@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the same networks in this engine and in others, each in a process of its own: same initial "
                    + "weights, data, optimizer and "
                    + "batch. There is no ratio unless both losses fall, and agree to 1e-3 after 20 steps. Each "
                    + "engine's best settings are searched first. The first use "
                    + "downloads the engines: pytorch 100 MB, deeplearning4j 330 MB, mxnet 50 MB, onednn 30 MB."
        })
final class PeersCommand implements Callable<Integer> {

    private static final Map<String, PeerTask> USUAL = usual();

    @Option(
            names = "--net",
            completionCandidates = Candidates.Networks.class,
            split = ",",
            paramLabel = "NAME",
            description = "Networks of the zoo (default: lenet at both sizes, cifarnet, seqcnn, mlp).")
    private List<String> nets = List.of("lenet-100", "lenet-34", "cifarnet", "seqcnn", "mlp");

    @Option(
            names = "--peer",
            split = ",",
            paramLabel = "NAME",
            description = "Engines to compare with: pytorch, deeplearning4j, mxnet, onednn (default: all).")
    private List<String> peers = Arrays.stream(Peer.values()).map(Peer::folder).toList();

    @Option(
            names = "--input",
            paramLabel = "CxHxW",
            description = "Shape of one sample (default: the network's usual one).")
    private @Nullable String input;

    @Option(
            names = "--labels",
            paramLabel = "N",
            defaultValue = "42",
            description = "Outputs (default: ${DEFAULT-VALUE}).")
    private int labels;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "0",
            description = "Samples per step (default: the network's usual one).")
    private int batch;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "CPU threads of each engine (default: the physical cores).")
    private int threads;

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "5",
            description = "Windows of each engine (default: ${DEFAULT-VALUE}).")
    private int windows;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "2",
            description = "Length of a window (default: ${DEFAULT-VALUE} s).")
    private double seconds;

    @Mixin
    private BenchOutput output;

    private static Map<String, PeerTask> usual() {
        Map<String, PeerTask> tasks = new LinkedHashMap<>();
        tasks.put("lenet", new PeerTask("lenet", new Shape(1, 34, 34), 42, 128, 0));
        tasks.put("lenet-100", new PeerTask("lenet", new Shape(1, 100, 100), 42, 100, 0));
        tasks.put("lenet-34", new PeerTask("lenet", new Shape(1, 34, 34), 42, 128, 0));
        tasks.put("cifarnet", new PeerTask("cifarnet", new Shape(3, 28, 28), 42, 128, 0));
        tasks.put("seqcnn", new PeerTask("seqcnn-unmasked", new Shape(4, 1, 2000), 42, 64, 0));
        tasks.put("mlp", new PeerTask("mlp", Shape.vector(34), 42, 128, 0));
        return tasks;
    }

    @Override
    public Integer call() throws IOException {
        if (windows < 1 || !(seconds > 0)) {
            throw new IllegalArgumentException("--windows must be 1 or more and --seconds above 0");
        }
        output.check();
        List<Peer> others = peers.stream().map(PeersCommand::peer).toList();
        Map<String, Object> versions = new LinkedHashMap<>();
        for (Peer peer : others) {
            versions.put(peer.folder(), version(peer));
        }
        int team = threads == 0 ? Machine.defaultThreads() : threads;
        List<PeerTask> tasks = nets.stream().map(n -> task(n, team)).toList();
        double peak = new CpuDevice(team).measurePeak();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("versions", versions);
        facts.put("peak_gflops", peak);
        List<Map<String, Object>> rows = new ArrayList<>();
        int failed = 0;
        if (output.table()) {
            System.out.printf(
                    Locale.ROOT,
                    "peak %.0f GFLOP/s on %d threads; samples/s, medians of %d alternating windows of %s s%n",
                    peak,
                    team,
                    windows,
                    seconds);
        }
        for (PeerTask task : tasks) {
            for (Peer peer : others) {
                try {
                    PeerComparison c =
                            PeerComparison.run(task, peer, classPaths(peer), windows, seconds, System.err::println);
                    rows.add(row(c, peak, version(peer)));
                    output.save(facts, rows, "rows");
                    if (output.table()) {
                        print(c, peak);
                    }
                } catch (IllegalStateException e) { // continue with the other engines
                    failed++;
                    System.err.println("error: " + task.net() + " in " + peer.title() + ": " + e.getMessage());
                }
            }
        }
        output.write(facts, rows, "rows");
        return failed == 0 ? 0 : 1;
    }

    private static Peer peer(String name) {
        return Arrays.stream(Peer.values())
                .filter(p -> p.folder().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no engine '" + name + "' to compare with; there are "
                        + Arrays.stream(Peer.values()).map(Peer::folder).collect(Collectors.joining(", "))));
    }

    private PeerTask task(String net, int team) {
        PeerTask usual = USUAL.get(net);
        if (usual == null) {
            throw new IllegalArgumentException(
                    "no network '" + net + "' to compare; there are " + String.join(", ", USUAL.keySet()));
        }
        return new PeerTask(
                usual.net(),
                input == null ? usual.input() : Shape.parse(input),
                labels,
                batch == 0 ? usual.batch() : batch,
                team);
    }

    private static Path target(Peer peer) {
        String home = System.getenv("LAMELLA_HOME");
        Path target = home == null ? null : Path.of(home, "bench", "peers", peer.folder(), "target");
        if (target == null || !Files.isDirectory(target.resolve("lib"))) {
            throw new IllegalArgumentException(
                    "the other engines need a source checkout: run ./lamella bench peers there");
        }
        return target;
    }

    private static PeerComparison.ClassPaths classPaths(Peer peer) {
        return new PeerComparison.ClassPaths(
                ours(),
                target(peer).resolve("classes") + File.pathSeparator
                        + target(peer).resolve("lib") + "/*");
    }

    /** The version in the name of the downloaded jar: {@code artifact-VERSION.jar}. */
    private static String version(Peer peer) throws IOException {
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(target(peer).resolve("lib"), peer.artifact() + "-[0-9]*.jar")) {
            return StreamSupport.stream(jars.spliterator(), false)
                    .map(p -> p.getFileName().toString())
                    .min(Comparator.comparingInt(String::length))
                    .map(n -> n.substring(peer.artifact().length() + 1, n.length() - ".jar".length())
                            .replaceFirst("-linux.*", ""))
                    .orElse("unknown");
        }
    }

    /** This process's own class path; a jar names its libraries in its manifest. */
    private static String ours() {
        return System.getProperty("java.class.path");
    }

    private static Map<String, Object> row(PeerComparison c, double peak, String version) {
        double forward = DenseArithmetic.forwardGflop(c.task().network());
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("net", c.task().net());
        r.put("input", c.task().input().toString());
        r.put("labels", c.task().labels());
        r.put("batch", c.task().batch());
        r.put("threads", c.task().threads());
        r.put("peer", c.peer().folder());
        r.put("peer_version", version);
        r.put("first_loss", c.losses()[0]);
        r.put("loss", c.loss());
        r.put("peer_first_loss", c.peerLosses()[0]);
        r.put("peer_loss", c.peerLoss());
        r.put("same_work", c.sameWork());
        pair(r, "train", c.training(), c.search().train(), c.sameWork());
        pair(r, "infer", c.inference(), c.search().infer(), c.sameWork());
        r.put("settings_tried", c.search().trials());
        r.put("train_fraction_of_peak", Median.of(c.training().ours()) * 3 * forward / peak);
        r.put("infer_fraction_of_peak", Median.of(c.inference().ours()) * forward / peak);
        r.put("resident_bytes", c.bytes());
        r.put("peer_resident_bytes", c.peerBytes());
        return r;
    }

    private static void pair(
            Map<String, Object> r, String mode, PeerComparison.Pair p, double outOfTheBox, boolean same) {
        r.put(mode + "_samples_per_s", Median.of(p.ours()));
        r.put("peer_" + mode + "_samples_per_s", Median.of(p.peer()));
        r.put("peer_" + mode + "_setting", p.setting());
        r.put("peer_" + mode + "_out_of_the_box", outOfTheBox);
        r.put(mode + "_ratio", same ? p.ratio() : null);
        r.put(mode + "_windows", p.ours());
        r.put("peer_" + mode + "_windows", p.peer());
    }

    private static void print(PeerComparison c, double peak) {
        double forward = DenseArithmetic.forwardGflop(c.task().network());
        System.out.printf(
                Locale.ROOT,
                "%n%-28s %-9s %10s %14s %7s %9s %15s   %s%n",
                c.task().net() + " " + c.task().input() + ", " + c.task().batch(),
                "",
                "lamella",
                c.peer().title(),
                "ratio",
                "of peak",
                "out of the box",
                c.peer().title() + "'s best of " + c.search().trials() + " settings");
        line("training", c.training(), c.search().train(), c.sameWork(), 3 * forward / peak);
        line("inference", c.inference(), c.search().infer(), c.sameWork(), forward / peak);
        System.out.printf(
                Locale.ROOT,
                "%-28s loss from %.6f to %.6f and %.6f in %d steps%s; resident %s and %s%n",
                "",
                c.losses()[0],
                c.loss(),
                c.peerLoss(),
                PeerComparison.STEPS,
                c.sameWork() ? "" : ": NOT the same work, no ratio",
                Machine.megabytes(c.bytes()),
                Machine.megabytes(c.peerBytes()));
    }

    private static void line(
            String mode, PeerComparison.Pair p, double outOfTheBox, boolean same, double peakPerSample) {
        double ours = Median.of(p.ours());
        System.out.printf(
                Locale.ROOT,
                "%-28s %-9s %,10.0f %,14.0f %7s %8.0f%% %,15.0f   %s%n",
                "",
                mode,
                ours,
                Median.of(p.peer()),
                same ? String.format(Locale.ROOT, "%.2fx", p.ratio()) : "-",
                100 * ours * peakPerSample,
                outOfTheBox,
                p.setting());
    }
}
