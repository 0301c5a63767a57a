package org.lamella.bench.command;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.launch.LaunchCounts;
import org.lamella.bench.launch.ModelledLaunch;
import org.lamella.bench.limit.GpuSpec;
import org.lamella.bench.machinecode.KernelCode;
import org.lamella.bench.machinecode.KernelFloor;
import org.lamella.bench.machinecode.Loop;

/** The launches of a modelled step as a table and as rows of files. */
final class GpuModelTable {

    private GpuModelTable() {}

    static void print(GpuSpec gpu, List<ModelledLaunch> launches) {
        System.out.printf(
                "%-38s %-27s %14s %5s %4s %5s %5s %9s %9s %6s %9s %9s  %s%n",
                "operator",
                "kernel",
                "grid x block",
                "regs",
                "occ.",
                "loop",
                "FFMA",
                "sectors",
                "banks",
                "lanes",
                "L2, MB",
                "us",
                "limit");
        String operator = "";
        for (ModelledLaunch l : launches) {
            LaunchCounts c = l.counts();
            @Nullable KernelCode code = l.code();
            @Nullable Loop loop = code == null ? null : code.mainLoop();
            String name = l.operator().equals(operator) ? "" : l.operator();
            operator = l.operator();
            System.out.printf(
                    Locale.ROOT,
                    "%-38s %-27s %14s %5s %4s %5s %5s %9s %9s %5.0f%% %9.2f %9s  %s%s%n",
                    cut(name, 38),
                    cut(c.kernel(), 27),
                    c.allBlocks() + " x " + c.block(),
                    code == null ? "-" : code.registers(),
                    code == null ? "-" : percent(l.occupancy(gpu)),
                    loop == null ? "-" : loop.own().instructions(),
                    loop == null ? "-" : percent(loop.own().ffmaShare()),
                    excess(c.global(), c.sectorExcess()),
                    excess(c.shared(), c.bankConflicts()),
                    100 * c.activeLanes(),
                    l.secondLevelBytes() * 1e-6,
                    l.time() == null
                            ? "-"
                            : String.format(Locale.ROOT, "%.1f", l.time().microseconds()),
                    l.time() == null ? "" : l.time().limit(),
                    faults(code, loop));
        }
        System.out.println("loop: instructions of the main loop; FFMA: their share of multiply-adds; sectors: 32-byte "
                + "sectors per request to global memory, and how many times the needed ones; banks: wavefronts per "
                + "request to shared memory, and how many times those without conflicts; lanes: active ones; all "
                + "three counted by the simulator; us: modelled");
    }

    /** The figures of the gate in ./lamella test, for the kernels of this step. */
    static void printFloors(List<KernelFloor> floors, List<ModelledLaunch> launches, GpuSpec gpu) {
        Set<String> printed = new HashSet<>();
        for (ModelledLaunch l : launches) {
            @Nullable KernelCode code = l.code();
            if (code == null) {
                continue;
            }
            for (KernelFloor floor : floors) {
                if (floor.concerns(l.counts().variant(), code)
                        && printed.add(l.counts().variant() + code.name())) {
                    List<String> faults = floor.faults(code, gpu.sm());
                    System.out.printf(
                            "gate: %s, at least %d %% multiply-adds in the main loops, %s: %s%n",
                            code.name(),
                            floor.percent(),
                            floor.gated() ? "gated" : "not yet gated",
                            faults.isEmpty() ? "passes" : String.join("; ", faults));
                }
            }
        }
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "~";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f%%", 100 * share);
    }

    private static String excess(LaunchCounts.Requests requests, double excess) {
        return requests.requests() == 0 ? "-" : String.format(Locale.ROOT, "%.1f x%.1f", requests.each(), excess);
    }

    /** What of the machine code should not be. */
    private static String faults(@Nullable KernelCode code, @Nullable Loop loop) {
        StringBuilder text = new StringBuilder();
        if (code != null && code.spills()) {
            text.append(", SPILLS");
        }
        if (loop != null && loop.own().divisions() > 0) {
            text.append(", ").append(loop.own().divisions()).append(" divisions in the loop");
        }
        return text.toString();
    }

    /** A launch as values of a file. */
    static Map<String, Object> row(ModelledLaunch l, GpuSpec gpu) {
        Map<String, Object> row = new LinkedHashMap<>();
        LaunchCounts c = l.counts();
        row.put("operator", l.operator());
        row.put("kernel", c.kernel());
        row.put("variant", c.variant());
        row.put("blocks", c.allBlocks());
        row.put("threads", c.block());
        @Nullable KernelCode code = l.code();
        if (code != null) {
            row.put("registers", code.registers());
            row.put("shared_bytes", code.sharedBytes());
            row.put("occupancy", l.occupancy(gpu));
            row.put("spills", code.spills());
            @Nullable Loop loop = code.mainLoop();
            if (loop != null) {
                row.put("loop_instructions", loop.own().instructions());
                row.put("loop_ffma_share", loop.own().ffmaShare());
                row.put("loop_divisions", loop.own().divisions());
                row.put("loop_wide_integers", loop.own().wide());
                row.put("global_width", code.mix().globalWidth());
            }
        }
        row.put("counted_blocks", c.blocks());
        row.put("sectors_per_request", c.global().each());
        row.put("sector_excess", c.sectorExcess());
        row.put("wavefronts_per_request", c.shared().each());
        row.put("bank_conflicts", c.bankConflicts());
        row.put("active_lanes", c.activeLanes());
        row.put("multiply_adds", c.scale() * c.laneMultiplyAdds());
        row.put("second_level_bytes", l.secondLevelBytes());
        if (l.time() != null) {
            row.put("modelled_us", l.time().microseconds());
            row.put("limit", l.time().limit());
            row.put("issue_us", l.time().issue());
            row.put("l1_us", l.time().firstLevel());
            row.put("l2_us", l.time().secondLevel());
            row.put("memory_us", l.time().memory());
            row.put("latency_us", l.time().latency());
        }
        return row;
    }
}
