package org.lamella.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.bench.peers.PeerComparison;
import org.lamella.bench.peers.PeerTask;
import org.lamella.cpu.CpuDevice;
import org.lamella.cpu.Machine;
import org.lamella.network.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lamella bench peers}: the same work in this engine and in PyTorch, windows alternating. */
@Command(name = "peers", mixinStandardHelpOptions = true,
        description = {"Runs the same networks in PyTorch beside this engine, each in a process of its own: same initial "
            + "weights, data, optimizer and batch. The peer's best setting is looked for first. The first use downloads "
            + "PyTorch (100 MB)."})
final class BenchPeers implements Callable<Integer> {

    private static final Map<String, PeerTask> USUAL = usual();

    @Option(names = "--net", split = ",", paramLabel = "NAME",
            description = "Networks of the zoo (default: lenet at both sizes, cifarnet, seqcnn, mlp).")
    private List<String> nets = List.of("lenet-100", "lenet-34", "cifarnet", "seqcnn", "mlp");

    @Option(names = "--input", paramLabel = "CxHxW", description = "Shape of one sample (default: the network's usual one).")
    private String input;

    @Option(names = "--labels", paramLabel = "N", defaultValue = "42", description = "Outputs (default: ${DEFAULT-VALUE}).")
    private int labels;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "0", description = "Samples a step (default: the network's usual one).")
    private int batch;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "CPU threads of each engine (default: the physical cores).")
    private int threads;

    @Option(names = "--windows", paramLabel = "N", defaultValue = "5", description = "Windows of each engine (default: ${DEFAULT-VALUE}).")
    private int windows;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "2", description = "Length of a window (default: ${DEFAULT-VALUE} s).")
    private double seconds;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

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
        PeerComparison.ClassPaths paths = classPaths();
        int team = threads == 0 ? Machine.defaultThreads() : threads;
        List<PeerTask> tasks = nets.stream().map(n -> task(n, team)).toList();
        double peak = new CpuDevice().measurePeak(team);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (PeerTask task : tasks) {
            PeerComparison c = PeerComparison.run(task, paths, windows, seconds, System.err::println);
            rows.add(row(c, peak));
            if (!json) {
                print(c, peak, rows.size() == 1);
            }
        }
        if (json) {
            System.out.println(Json.pretty(rows));
        }
        return 0;
    }

    private PeerTask task(String net, int team) {
        PeerTask usual = USUAL.get(net);
        if (usual == null) {
            throw new IllegalArgumentException("no network '" + net + "' to compare; there are " + String.join(", ", USUAL.keySet()));
        }
        return new PeerTask(usual.net(), input == null ? usual.input() : Shape.parse(input), labels,
                batch == 0 ? usual.batch() : batch, team);
    }

    private static PeerComparison.ClassPaths classPaths() {
        String home = System.getenv("LAMELLA_HOME");
        Path torch = home == null ? null : Path.of(home, "bench", "peers", "pytorch", "target");
        if (torch == null || !Files.isDirectory(torch.resolve("lib"))) {
            throw new IllegalArgumentException("the peers are built from a source checkout: run ./lamella bench peers there");
        }
        return new PeerComparison.ClassPaths(ours(), torch.resolve("classes") + File.pathSeparator + torch.resolve("lib") + "/*");
    }

    /** This process's own class path; a jar's names its libraries itself. */
    private static String ours() {
        return System.getProperty("java.class.path");
    }

    private static Map<String, Object> row(PeerComparison c, double peak) {
        double forward = Arithmetic.forwardGflop(c.task().network());
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("net", c.task().net());
        r.put("input", c.task().input().toString());
        r.put("labels", c.task().labels());
        r.put("batch", c.task().batch());
        r.put("threads", c.task().threads());
        r.put("peer", "pytorch");
        r.put("loss", c.loss());
        r.put("peer_loss", c.peerLoss());
        r.put("same_work", c.sameWork());
        r.put("train_samples_per_s", c.training().ours());
        r.put("peer_train_samples_per_s", c.training().peer());
        r.put("peer_train_setting", c.training().setting());
        r.put("peer_train_out_of_the_box", c.outOfTheBox());
        r.put("train_ratio", c.sameWork() ? c.training().ratio() : null);
        r.put("infer_samples_per_s", c.inference().ours());
        r.put("peer_infer_samples_per_s", c.inference().peer());
        r.put("peer_infer_setting", c.inference().setting());
        r.put("infer_ratio", c.sameWork() ? c.inference().ratio() : null);
        r.put("peak_gflops", peak);
        r.put("train_fraction_of_peak", c.training().ours() * 3 * forward / peak);
        r.put("infer_fraction_of_peak", c.inference().ours() * forward / peak);
        r.put("resident_bytes", c.bytes());
        r.put("peer_resident_bytes", c.peerBytes());
        return r;
    }

    private static void print(PeerComparison c, double peak, boolean first) {
        double forward = Arithmetic.forwardGflop(c.task().network());
        if (first) {
            System.out.printf(Locale.ROOT, "peak %.0f GFLOP/s on %d threads; samples/s, medians of alternating windows%n", peak,
                    c.task().threads());
            System.out.printf("%-24s %-9s %10s %10s %7s %9s   %s%n", "network", "", "lamella", "pytorch", "ratio", "of peak",
                    "pytorch's best setting");
        }
        String what = c.task().net() + " " + c.task().input() + ", " + c.task().batch();
        line(what, "training", c.training(), c.sameWork(), c.training().ours() * 3 * forward / peak);
        line("", "inference", c.inference(), c.sameWork(), c.inference().ours() * forward / peak);
        System.out.printf(Locale.ROOT, "%-24s loss after %d steps %.6f and %.6f%s; out of the box pytorch trains %,.0f; resident %s and %s%n",
                "", PeerComparison.STEPS, c.loss(), c.peerLoss(), c.sameWork() ? "" : ": NOT the same work, no ratio",
                c.outOfTheBox(), Machine.megabytes(c.bytes()), Machine.megabytes(c.peerBytes()));
    }

    private static void line(String what, String mode, PeerComparison.Pair p, boolean same, double fraction) {
        System.out.printf(Locale.ROOT, "%-24s %-9s %,10.0f %,10.0f %7s %8.0f%%   %s%n", what, mode, p.ours(), p.peer(),
                same ? String.format(Locale.ROOT, "%.2fx", p.ratio()) : "-", 100 * fraction, p.setting());
    }
}
