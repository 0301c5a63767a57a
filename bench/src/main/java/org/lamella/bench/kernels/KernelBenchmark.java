package org.lamella.bench.kernels;

import java.util.concurrent.TimeUnit;
import org.lamella.bench.operator.OperatorCase;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A kernel, called through Java: forward, and forward with both gradients. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(KernelTimes.FORKS)
@Warmup(iterations = 1, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class KernelBenchmark {

    /** The operator and its shape, a line that {@link OperatorCase} reads. */
    @Param("lenet-conv2 32 20x15x15 conv:50:5x5 tanh maxpool:2x2")
    public String shape = "";

    /** ISA; empty for the best of this machine. */
    @Param("")
    public String isa = "";

    /** Threads of the engine. */
    @Param("1")
    public int threads;

    @SuppressWarnings("NullAway.Init") // JMH calls open() before any benchmark
    private KernelRun run;

    /** Compiles both programs. */
    @Setup
    public void open() {
        run = new KernelRun(OperatorCase.of(shape), isa, threads);
    }

    /** Frees the native memory. */
    @TearDown
    public void close() {
        run.close();
    }

    /**
     * Forward only.
     *
     * @return a value of the output, so that nothing is optimized away
     */
    @Benchmark
    public double forward() {
        return run.forward();
    }

    /**
     * Forward, then the gradients of parameters and input.
     *
     * @return a value of the result, so that nothing is optimized away
     */
    @Benchmark
    public double forwardAndBackward() {
        return run.backward();
    }
}
