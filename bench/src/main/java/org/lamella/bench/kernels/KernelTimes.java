package org.lamella.bench.kernels;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lamella.bench.operator.OperatorCase;
import org.lamella.data.InputException;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Times kernels with JMH, each in processes of its own. JMH is not part of the release: the launcher puts it on the
 * class path.
 */
public final class KernelTimes {

    /** Processes per kernel: times differ more between processes, by their memory layout, than within one. */
    public static final int FORKS = 3;

    private static final int NATIVE_ACCESS_SINCE = 24;

    /**
     * A time.
     *
     * @param shape the kernel and its shape
     * @param backward with both gradients, else forward only
     * @param micros microseconds per batch, the mean
     * @param deviation standard deviation between JMH's iterations
     */
    public record Time(OperatorCase shape, boolean backward, double micros, double deviation) {}

    private KernelTimes() {}

    /**
     * Times kernels.
     *
     * @param shapes the kernels
     * @param isa baseline, avx2, avx512 or neon; empty for the best of this machine
     * @param threads CPU threads, 1 or more
     * @return two times per kernel, forward and backward
     * @throws InputException if JMH is not on the class path
     * @throws IllegalStateException if JMH fails
     */
    public static List<Time> measure(List<OperatorCase> shapes, String isa, int threads) {
        Map<String, OperatorCase> byLine =
                shapes.stream().collect(Collectors.toMap(OperatorCase::line, Function.identity()));
        try {
            ChainedOptionsBuilder options = new OptionsBuilder()
                    .include("\\b" + KernelBenchmark.class.getSimpleName() + "\\.")
                    .verbosity(VerboseMode.SILENT)
                    .param("shape", byLine.keySet().toArray(String[]::new))
                    .param("isa", isa)
                    .param("threads", Integer.toString(threads));
            if (Runtime.version().feature() >= NATIVE_ACCESS_SINCE) {
                options.jvmArgsAppend("--enable-native-access=ALL-UNNAMED");
            }
            Collection<RunResult> results = new Runner(options.build()).run();
            List<Time> times = new ArrayList<>();
            for (OperatorCase shape : shapes) {
                for (boolean backward : new boolean[] {false, true}) {
                    RunResult r = results.stream()
                            .filter(o -> o.getParams().getParam("shape").equals(shape.line())
                                    && o.getParams()
                                            .getBenchmark()
                                            .endsWith(backward ? ".forwardAndBackward" : ".forward"))
                            .findFirst()
                            .orElseThrow(() -> new IllegalStateException("JMH measured nothing for " + shape.name()));
                    times.add(new Time(
                            shape,
                            backward,
                            r.getPrimaryResult().getScore(),
                            r.getPrimaryResult().getStatistics().getStandardDeviation()));
                }
            }
            return times;
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH failed: " + e.getMessage(), e);
        } catch (NoClassDefFoundError e) {
            throw new InputException(
                    "JMH is not on the class path: run this as ./lamella bench kernels, from a source checkout", e);
        }
    }
}
