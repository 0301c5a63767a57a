package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.device.DeviceException;
import org.lamella.device.OutOfMemoryException;
import org.lamella.optimization.OptimizerConfig;

/**
 * Checks whether a device computes correctly. Every layer (fused and not), masks, dropout, losses and optimizers are
 * compared with double precision; whole training steps of small networks are compared with the lowest ISA of the CPU.
 */
public final class DeviceCheck {

    private DeviceCheck() {}

    /** How a case ended. */
    public enum Verdict {
        AGREES,
        DIFFERS,
        FAILED,
        NOT_RUN
    }

    /**
     * A case that was run.
     *
     * @param group of the case
     * @param name of the case
     * @param verdict how it ended
     * @param comparisons what was compared; empty if it failed or was not run
     * @param message why it failed or was not run, else empty
     * @param own passes of convolutions that Lamella's kernels computed, where there was a choice
     * @param cudnn passes that cuDNN computed
     * @param notes of the device's programs
     * @param seconds it took
     */
    public record Outcome(
            String group,
            String name,
            Verdict verdict,
            List<Comparison> comparisons,
            String message,
            int own,
            int cudnn,
            List<String> notes,
            double seconds) {

        /** {@return the comparison that uses most of its limit; null if there is none} */
        public @Nullable Comparison worst() {
            return comparisons.stream()
                    .max(Comparator.comparingDouble(Comparison::share))
                    .orElse(null);
        }
    }

    /**
     * All cases, or those whose group and name contain a text.
     *
     * @param steps of training, 1 or more
     * @param filter what {@code group: name} contains, in any case; empty for all
     * @return the cases; empty if none contains it
     * @throws IllegalArgumentException if {@code steps} is less than 1
     */
    public static List<CheckCase> cases(int steps, String filter) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps must be 1 or more, got " + steps);
        }
        List<CheckCase> all = new ArrayList<>();
        NetworkCases.all().stream()
                .flatMap(c -> NetworkCheck.both("operators", c))
                .forEach(all::add);
        all.addAll(NotANumberCheck.cases());
        all.add(DropoutCheck.of());
        LossCheck.ALL.forEach(c -> all.add(c.checkCase()));
        for (OptimizerConfig.Kind kind : OptimizerConfig.Kind.values()) {
            all.add(OptimizerCheck.of(kind));
        }
        TrainingCheck.NETWORKS.forEach(n -> all.add(TrainingCheck.of(n, steps)));
        String wanted = filter.toLowerCase(Locale.ROOT);
        return all.stream()
                .filter(c ->
                        (c.group() + ": " + c.name()).toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }

    /** {@return every operator of the table against double precision, fused and not} */
    public static List<CheckCase> operators() {
        return NetworkCases.operators()
                .flatMap(c -> NetworkCheck.both("operators", c))
                .toList();
    }

    /** {@return the gradients of every operator against central differences, fused and not} */
    public static List<CheckCase> gradients() {
        return NetworkCases.operators()
                .flatMap(c -> Stream.of(GradientCheck.of(c, true), GradientCheck.of(c, false)))
                .toList();
    }

    /**
     * Runs cases one after the other. One that fails does not stop the next.
     *
     * @param cases in the order they run
     * @param device the device under test
     * @param seconds after which no further case begins; the remaining cases are reported as not run
     * @param each receives every outcome immediately, with its number from 1 on
     * @return all outcomes in the order of {@code cases}
     */
    public static List<Outcome> run(
            List<CheckCase> cases, ComputeDevice device, double seconds, BiConsumer<Integer, Outcome> each) {
        long start = System.nanoTime();
        List<Outcome> outcomes = new ArrayList<>();
        for (CheckCase c : cases) {
            boolean late = (System.nanoTime() - start) * 1e-9 > seconds;
            Outcome outcome = late
                    ? new Outcome(
                            c.group(), c.name(), Verdict.NOT_RUN, List.of(), "the time was up", 0, 0, List.of(), 0)
                    : run(c, device);
            outcomes.add(outcome);
            each.accept(outcomes.size(), outcome);
        }
        return outcomes;
    }

    private static Outcome run(CheckCase c, ComputeDevice device) {
        long start = System.nanoTime();
        List<Comparison> comparisons = List.of();
        String message = "";
        WatchedDevice watched = new WatchedDevice(device);
        try {
            comparisons = c.body().run(watched);
        } catch (DeviceException | OutOfMemoryException | IllegalArgumentException | IllegalStateException e) {
            message = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
        }
        Verdict verdict = !message.isEmpty()
                ? Verdict.FAILED
                : comparisons.stream().allMatch(Comparison::agrees) ? Verdict.AGREES : Verdict.DIFFERS;
        int cudnn = (int)
                watched.kernels().stream().filter(k -> k.algorithm() != null).count();
        return new Outcome(
                c.group(),
                c.name(),
                verdict,
                comparisons,
                message,
                watched.kernels().size() - cudnn,
                cudnn,
                watched.notes(),
                (System.nanoTime() - start) * 1e-9);
    }
}
