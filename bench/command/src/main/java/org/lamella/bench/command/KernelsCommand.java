package org.lamella.bench.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.lamella.bench.kernels.KernelCheck;
import org.lamella.bench.kernels.KernelShapes;
import org.lamella.bench.kernels.KernelTimes;
import org.lamella.bench.limit.MemoryBandwidth;
import org.lamella.bench.operator.Operator;
import org.lamella.bench.operator.OperatorCase;
import org.lamella.cli.report.Json;
import org.lamella.cli.stream.Output;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench kernels}. */
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        description =
                "Single kernels with JMH, forward and with both gradients: checked first, then timed, next to the "
                        + "multiply-add peak and the memory "
                        + "bandwidth that the same run measures. The first use downloads JMH.")
final class KernelsCommand implements Callable<Integer> {

    /** Largest relative error of a kernel that is timed. */
    private static final double MAX_ERROR = 1e-3;

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only kernels whose line contains this text, for example conv or vgg.")
    private String filter;

    @Option(
            names = "--shapes",
            paramLabel = "FILE",
            description = "Your own kernels, one per line: NAME BATCH CxHxW LAYER ..., layers "
                    + "conv:FILTERS:HxW[:sN][:pN], dense:N, maxpool:HxW, avgpool:HxW, "
                    + "tanh, relu, batchnorm.")
    private @Nullable Path shapes;

    @Option(
            names = "--isa",
            paramLabel = "NAME",
            defaultValue = "",
            description = "baseline, avx2, avx512 or neon (default: the best of this machine).")
    private String isa;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "CPU threads (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Output(value = Output.Kind.FILE, remedy = "a picture is a file; name F.png or F.svg")
    @Option(
            names = "--picture",
            paramLabel = "F.png|F.svg",
            defaultValue = "roofline.png",
            description = "File for the roofline picture (default: ${DEFAULT-VALUE}).")
    private Path picture;

    @Mixin
    private BenchOutput output;

    /**
     * A measured row.
     *
     * @param kernel its name
     * @param pass forward, or forward and backward
     * @param shape the line that defines it
     * @param micros microseconds per batch, mean
     * @param deviation standard deviation of {@code micros}
     * @param gflops counted dense
     * @param gigabytes per second: the least bytes to move
     * @param peak share of the multiply-add peak
     * @param bandwidth share of the memory bandwidth
     * @param error relative, against double precision
     */
    record Row(
            String kernel,
            String pass,
            String shape,
            double micros,
            double deviation,
            double gflops,
            double gigabytes,
            double peak,
            double bandwidth,
            double error) {}

    @Override
    public Integer call() throws IOException {
        ChartFile.check(picture);
        output.check();
        List<OperatorCase> chosen = (shapes == null ? Operator.allTimed() : KernelShapes.read(shapes))
                .stream().filter(s -> s.line().contains(filter)).toList();
        if (chosen.isEmpty()) {
            throw new InputException("no kernel has '" + filter + "' in its line");
        }
        CpuDevice device = isa.isEmpty() ? new CpuDevice(threads) : new CpuDevice(isa, threads);
        Map<String, KernelCheck.Errors> errors = new LinkedHashMap<>();
        for (OperatorCase s : chosen) {
            KernelCheck.Errors e = KernelCheck.of(s, isa, threads);
            if (e.forward() > MAX_ERROR || e.backward() > MAX_ERROR) {
                throw new IllegalStateException(s.name() + " is wrong (relative error " + e.forward() + " forward, "
                        + e.backward() + " backward): it is not timed");
            }
            errors.put(s.name(), e);
        }
        double peak = device.measurePeak();
        double bandwidth = MemoryBandwidth.gigabytes(threads);
        List<KernelTimes.Time> times = KernelTimes.measure(chosen, isa, threads);
        peak = Math.max(peak, device.measurePeak()); // the larger of before and after: the machine is shared
        bandwidth = Math.max(bandwidth, MemoryBandwidth.gigabytes(threads));
        List<Row> rows = new ArrayList<>();
        for (KernelTimes.Time t : times) {
            int passes = t.backward() ? 3 : 1;
            double gflops = t.shape().gflop() * passes / t.micros() * 1e6;
            double gigabytes = t.shape().bytes() * passes / t.micros() * 1e-3;
            KernelCheck.Errors e = Objects.requireNonNull(errors.get(t.shape().name()));
            rows.add(new Row(
                    t.shape().name(),
                    t.backward() ? "both" : "forward",
                    t.shape().line(),
                    t.micros(),
                    t.deviation(),
                    gflops,
                    gigabytes,
                    gflops / peak,
                    gigabytes / bandwidth,
                    t.backward() ? e.backward() : e.forward()));
        }
        double roof = peak;
        double slope = bandwidth;
        boolean drawn = draw(rows, roof, slope);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("isa", isa.isEmpty() ? CpuDevice.isas().get(0) : isa);
        facts.put("threads", threads);
        facts.put("peak_gflops", peak);
        facts.put("bandwidth_gb_s", bandwidth);
        output.write(facts, rows.stream().map(Json::fields).toList(), "kernels");
        if (!output.table()) {
            return 0;
        }
        System.out.printf(
                Locale.ROOT,
                "%d thread%s, %s: peak %.0f GFLOP/s, copying %.1f GB/s, both measured in this run; passes counted "
                        + "dense%n",
                threads,
                threads == 1 ? "" : "s",
                isa.isEmpty() ? CpuDevice.isas().get(0) : isa,
                peak,
                bandwidth);
        System.out.printf(
                "%-18s %-8s %12s %8s %9s %8s %8s %9s %9s%n",
                "kernel", "pass", "us/batch", "+-", "GFLOP/s", "of peak", "GB/s", "of memory", "error");
        rows.forEach(r -> System.out.printf(
                Locale.ROOT,
                "%-18s %-8s %12.1f %8.1f %9.1f %7.0f%% %8.1f %8.0f%% %9.1g%n",
                r.kernel,
                r.pass,
                r.micros,
                r.deviation,
                r.gflops,
                100 * r.peak,
                r.gigabytes,
                100 * r.bandwidth,
                r.error));
        if (drawn) {
            System.out.println("the roofline is " + picture);
        }
        return 0;
    }

    /** Draws GFLOP/s over operations per byte. Only kernels that skip multiply-adds can be above the roof. */
    private boolean draw(List<Row> rows, double peak, double bandwidth) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(1100)
                .height(700)
                .title("Roofline: kernels counted dense, least bytes moved")
                .xAxisTitle("operations per byte")
                .yAxisTitle("GFLOP/s")
                .build();
        chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        chart.getStyler().setMarkerSize(8);
        double[] x = {0.25, peak / bandwidth, 1000};
        chart.addSeries("measured limits", x, new double[] {0.25 * bandwidth, peak, peak});
        for (String pass : List.of("forward", "both")) {
            List<Row> some = rows.stream()
                    .filter(r -> r.pass.equals(pass) && r.gflops > 0)
                    .toList();
            if (!some.isEmpty()) {
                XYSeries points = chart.addSeries(
                        pass,
                        some.stream().mapToDouble(r -> r.gflops / r.gigabytes).toArray(),
                        some.stream().mapToDouble(Row::gflops).toArray());
                points.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
            }
        }
        return ChartFile.write(chart, picture);
    }
}
