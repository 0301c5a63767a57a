package org.lamella.bench.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.backend.ComputeDevice;
import org.lamella.bench.check.CheckCase;
import org.lamella.bench.check.DeviceCheck;
import org.lamella.bench.check.DeviceCheck.Outcome;
import org.lamella.bench.check.DeviceCheck.Verdict;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.data.InputException;
import org.lamella.device.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench check}: whether a device computes correctly. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Checks what a device computes: every layer (fused and not), masks, dropout, losses and "
                + "optimizers against double precision, whole training steps of small networks against the CPU. "
                + "Prints a line per case with its error and its limit. Exit code 0 only if all agree.")
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private DeviceOptions where;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "20",
            description = "Training steps of each network (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--seconds",
            paramLabel = "LIMIT",
            defaultValue = "600",
            description = "No further case begins after this time; the remaining cases count as not run, exit code 1 "
                    + "(default: ${DEFAULT-VALUE} s).")
    private double seconds;

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only cases whose 'group: name' contains this, for example 'training: lenet' or 'conv'; "
                    + "groups are operators, not a number, dropout, losses, optimizers, training.")
    private String filter;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException {
        output.check();
        if (!(seconds > 0)) {
            throw new InputException("--seconds must be more than 0, got " + seconds);
        }
        List<CheckCase> cases = DeviceCheck.cases(steps, filter);
        if (cases.isEmpty()) {
            throw new InputException("--filter: no case has '" + filter + "' in its group and name");
        }
        ComputeDevice device = where.device();
        PrintStream text = output.table() ? System.out : System.err;
        text.printf(
                "%s (%s), kernels %s: %d cases%n", device.name(), device.description(), where.kernels(), cases.size());
        List<Outcome> outcomes = DeviceCheck.run(
                cases, device, seconds, (number, o) -> CheckReport.print(text, number, cases.size(), o));
        int own = outcomes.stream().mapToInt(Outcome::own).sum();
        int cudnn = outcomes.stream().mapToInt(Outcome::cudnn).sum();
        boolean all = CheckReport.agree(outcomes);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("device", device.name() + " (" + device.description() + ")");
        facts.put("kernels", where.kernels());
        facts.put("steps", steps);
        facts.put("all_agree", all);
        facts.put("passes_by_own", own);
        facts.put("passes_by_cudnn", cudnn);
        facts.put("notes", CheckReport.notes(outcomes));
        for (Verdict v : Verdict.values()) {
            facts.put(v.name().toLowerCase(Locale.ROOT), CheckReport.count(outcomes, v));
        }
        output.write(facts, outcomes.stream().map(CheckReport::row).toList(), "cases");
        CheckReport.end(text, device.name(), outcomes);
        if (own + cudnn > 0) {
            text.printf("passes of convolutions: %d by kernels of Lamella, %d by cuDNN%n", own, cudnn);
        }
        boolean missed = cudnn == 0 && own > 0 && Kernels.of(where.kernels()).any(Kernels.Maker.CUDNN);
        if (missed) {
            text.println("cuDNN was asked for and computed nothing: this check did not test it");
        }
        return all && !missed ? 0 : 1;
    }
}
