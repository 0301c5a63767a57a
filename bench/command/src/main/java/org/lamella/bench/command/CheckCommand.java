package org.lamella.bench.command;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.bench.check.CheckCase;
import org.lamella.bench.check.Comparison;
import org.lamella.bench.check.DeviceCheck;
import org.lamella.bench.check.DeviceCheck.Outcome;
import org.lamella.bench.check.DeviceCheck.Verdict;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.report.Json;
import org.lamella.data.InputException;
import org.lamella.device.Device;
import org.lamella.device.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench check}: whether a device computes what it should. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Checks what a device computes: every layer (fused and not), masks, dropout, losses and "
                + "optimizers beside double precision, whole training steps of small networks beside the CPU. A line "
                + "for each with its error and its limit. Exit code 0 only if all agree.")
final class CheckCommand implements Callable<Integer> {

    private static final int MOST_NOTES = 8;

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
            description = "No further case begins after this time; what is left counts as not run, exit code 1 "
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
        Device device = where.device();
        PrintStream people = output.table() ? System.out : System.err;
        people.printf(
                "%s (%s), kernels %s: %d cases%n", device.name(), device.description(), where.kernels(), cases.size());
        List<Outcome> outcomes =
                DeviceCheck.run(cases, device, seconds, (number, o) -> print(people, number, cases.size(), o));
        int own = outcomes.stream().mapToInt(Outcome::own).sum();
        int cudnn = outcomes.stream().mapToInt(Outcome::cudnn).sum();
        boolean all = outcomes.stream().allMatch(o -> o.verdict() == Verdict.AGREES);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("device", device.name() + " (" + device.description() + ")");
        facts.put("kernels", where.kernels());
        facts.put("steps", steps);
        facts.put("all_agree", all);
        facts.put("passes_by_own", own);
        facts.put("passes_by_cudnn", cudnn);
        facts.put("notes", notes(outcomes));
        for (Verdict v : Verdict.values()) {
            facts.put(v.name().toLowerCase(Locale.ROOT), count(outcomes, v));
        }
        output.write(facts, outcomes.stream().map(CheckCommand::row).toList(), "cases");
        people.printf(
                Locale.ROOT,
                "%s: %d of %d cases agree%s%n",
                device.name(),
                count(outcomes, Verdict.AGREES),
                outcomes.size(),
                all
                        ? ""
                        : String.format(
                                ", %d differ, %d failed, %d were not run",
                                count(outcomes, Verdict.DIFFERS),
                                count(outcomes, Verdict.FAILED),
                                count(outcomes, Verdict.NOT_RUN)));
        notes(outcomes).stream().limit(MOST_NOTES).forEach(note -> people.println("note: " + note));
        if (own + cudnn > 0) {
            people.printf("passes of convolutions: %d by kernels of ours, %d by cuDNN%n", own, cudnn);
        }
        boolean missed = cudnn == 0 && own > 0 && Kernels.of(where.kernels()).any(Kernels.Maker.CUDNN);
        if (missed) {
            people.println("cuDNN was asked for and computed nothing: this check says nothing of it");
        }
        return all && !missed ? 0 : 1;
    }

    private static List<String> notes(List<Outcome> outcomes) {
        return outcomes.stream().flatMap(o -> o.notes().stream()).distinct().toList();
    }

    private static void print(PrintStream people, int number, int of, Outcome o) {
        String what = o.group() + ": " + o.name();
        switch (o.verdict()) {
            case AGREES ->
                people.printf(
                        Locale.ROOT,
                        "%3d/%d agrees  %-54s %.1e of %.0e, %s%n",
                        number,
                        of,
                        what,
                        o.worst().error(),
                        o.worst().limit(),
                        o.worst().what());
            case DIFFERS -> {
                people.printf(Locale.ROOT, "%3d/%d DIFFERS %s%n", number, of, what);
                o.comparisons().stream().filter(c -> !c.agrees()).forEach(c -> people.println("        " + c));
            }
            case FAILED -> people.printf(Locale.ROOT, "%3d/%d FAILED  %s: %s%n", number, of, what, o.message());
            default -> people.printf(Locale.ROOT, "%3d/%d not run %s: %s%n", number, of, what, o.message());
        }
    }

    private static long count(List<Outcome> outcomes, Verdict verdict) {
        return outcomes.stream().filter(o -> o.verdict() == verdict).count();
    }

    private static Map<String, Object> row(Outcome o) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("group", o.group());
        row.put("case", o.name());
        row.put("verdict", o.verdict().name().toLowerCase(Locale.ROOT));
        Comparison worst = o.worst();
        row.put("worst", worst == null ? "" : worst.what());
        row.put("error", worst == null ? Double.NaN : worst.error());
        row.put("limit", worst == null ? Double.NaN : worst.limit());
        row.put("passes_by_own", o.own());
        row.put("passes_by_cudnn", o.cudnn());
        row.put("seconds", o.seconds());
        row.put("message", o.message());
        row.put("comparisons", o.comparisons().stream().map(Json::fields).toList());
        return row;
    }
}
