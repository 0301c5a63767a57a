package org.lamella.bench.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.lamella.backend.ComputeDevice;
import org.lamella.bench.step.RandomStep;
import org.lamella.bench.step.StepRate;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.stream.Output;
import org.lamella.cpu.Machine;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench scale}. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = "Time and memory of training LeNet as one of these grows: batch, image side, "
                + "labels, samples, threads. The slope is the "
                + "power with which time or memory grows: 1 means in proportion.")
final class ScaleCommand implements Callable<Integer> {

    private static final int SIDE = 34;
    private static final int LABELS = 42;
    private static final int BATCH = 64;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "2",
            description = "Time for each measurement (default: ${DEFAULT-VALUE} s).")
    private double seconds;

    @Output(value = Output.Kind.FILE, remedy = "a picture is a file; name F.png or F.svg")
    @Option(
            names = "--picture",
            paramLabel = "F.png|F.svg",
            defaultValue = "scale.png",
            description = "File for the picture (default: ${DEFAULT-VALUE}).")
    private Path picture;

    @Mixin
    private DeviceOptions where;

    @Mixin
    private BenchOutput output;

    /**
     * One measurement.
     *
     * @param size the value that grows
     * @param seconds per training step, or per epoch where samples grow
     * @param bytes of native memory; 0 if not measured
     */
    private record Point(int size, double seconds, long bytes) {}

    private final List<Map<String, Object>> rows = new ArrayList<>();
    private final Map<String, List<Point>> series = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        ChartFile.check(picture);
        output.check();
        ComputeDevice device = where.device();
        int team = where.threads() == 0 ? Machine.defaultThreads() : where.threads();
        for (int batch : new int[] {8, 16, 32, 64, 128, 256}) {
            measure("batch", batch, device, SIDE, LABELS, batch, team);
        }
        for (int side : new int[] {16, 24, 34, 48, 68, 100}) {
            measure("side", side, device, side, LABELS, BATCH, team);
        }
        for (int labels : new int[] {2, 8, 32, 128, 512, 2048}) {
            measure("labels", labels, device, SIDE, labels, BATCH, team);
        }
        for (int threads = 1; threads <= team; threads *= 2) {
            measure("threads", threads, device, SIDE, LABELS, BATCH, threads);
        }
        for (int samples : new int[] {1000, 2000, 4000, 8000, 16000}) {
            epoch(samples, device, team);
        }
        boolean drawn = draw();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("time_slopes", slopes(false));
        facts.put("memory_slopes", slopes(true));
        output.write(facts, rows, "rows");
        if (output.table()) {
            table();
            if (drawn) {
                System.out.println("the picture is " + picture);
            }
        }
        return 0;
    }

    private void measure(String what, int size, ComputeDevice device, int side, int labels, int batch, int threads) {
        try (RandomStep work =
                new RandomStep(Zoo.lenet(new Shape(1, side, side), labels), batch, device.withThreads(threads))) {
            StepRate rate = StepRate.of(work::train, batch, 0.3, seconds);
            add(what, new Point(size, batch / rate.median(), work.nativeBytes()), side, labels, batch, threads, rate);
        }
    }

    /** Whole epochs of the trainer: the first is not timed, the second is. */
    private void epoch(int samples, ComputeDevice device, int threads) {
        Random random = new Random(1);
        float[][] x = new float[samples][SIDE * SIDE];
        byte[][] t = new byte[samples][LABELS];
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < x[i].length; j++) {
                x[i][j] = random.nextFloat();
            }
            for (int l = 0; l < LABELS; l++) {
                t[i][l] = (byte) random.nextInt(2);
            }
        }
        Dataset data = Dataset.of(x, t);
        var history = new Trainer(data, TrainingSettings.defaults().epochs(2).batch(BATCH), device)
                .network(Zoo::lenet)
                .input(new Shape(1, SIDE, SIDE), false)
                .partition(Partition.ofTraining(IntStream.range(0, samples).toArray()))
                .run()
                .history();
        add(
                "samples",
                new Point(samples, samples / history.get(1).samplesPerSecond(), 0),
                SIDE,
                LABELS,
                BATCH,
                threads,
                null);
    }

    private void add(String what, Point point, int side, int labels, int batch, int threads, @Nullable StepRate rate) {
        series.computeIfAbsent(what, k -> new ArrayList<>()).add(point);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("grows", what);
        row.put("size", point.size);
        row.put("net", "lenet");
        row.put("input", "1x" + side + "x" + side);
        row.put("labels", labels);
        row.put("batch", batch);
        row.put("threads", threads);
        row.put("seconds", point.seconds);
        if (rate != null) {
            row.put("native_bytes", point.bytes);
            row.put("train_windows", rate.windows());
        }
        rows.add(row);
    }

    /** The slope of a least-squares line through logarithms. */
    private static double slope(List<Point> points, boolean memory) {
        double sumX = 0;
        double sumY = 0;
        double sumXX = 0;
        double sumXY = 0;
        for (Point p : points) {
            double x = Math.log(p.size);
            double y = Math.log(memory ? p.bytes : p.seconds);
            sumX += x;
            sumY += y;
            sumXX += x * x;
            sumXY += x * y;
        }
        int n = points.size();
        return (n * sumXY - sumX * sumY) / (n * sumXX - sumX * sumX);
    }

    private Map<String, Double> slopes(boolean memory) {
        Map<String, Double> slopes = new LinkedHashMap<>();
        series.forEach((what, points) -> {
            if (points.size() > 1 && (!memory || points.get(0).bytes > 0)) {
                slopes.put(what, slope(points, memory));
            }
        });
        return slopes;
    }

    private void table() {
        Map<String, Double> time = slopes(false);
        Map<String, Double> memory = slopes(true);
        series.forEach((what, points) -> {
            System.out.printf(
                    Locale.ROOT,
                    "%n%-10s %14s %14s    time grows with power %s%s%n",
                    what,
                    what.equals("samples") ? "epoch" : "step",
                    "native memory",
                    time.containsKey(what) ? String.format(Locale.ROOT, "%.2f", time.get(what)) : "-",
                    memory.containsKey(what) ? String.format(Locale.ROOT, ", memory with %.2f", memory.get(what)) : "");
            points.forEach(p -> System.out.printf(
                    Locale.ROOT,
                    "%-10d %11.3f ms %14s%n",
                    p.size,
                    p.seconds * 1e3,
                    p.bytes == 0 ? "" : Machine.megabytes(p.bytes)));
        });
    }

    private boolean draw() throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(1000)
                .height(640)
                .title("LeNet, training: time as one value grows")
                .xAxisTitle("value, relative to the smallest")
                .yAxisTitle("time, relative to that of the smallest")
                .build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        chart.getStyler().setMarkerSize(7);
        series.forEach((what, points) -> chart.addSeries(
                what,
                points.stream()
                        .mapToDouble(p -> p.size / (double) points.get(0).size)
                        .toArray(),
                points.stream()
                        .mapToDouble(p -> p.seconds / points.get(0).seconds)
                        .toArray()));
        return ChartFile.write(chart, picture);
    }
}
