package org.lamella.bench.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.limit.GpuSpec;
import org.lamella.bench.limit.OperatorWork;
import org.lamella.bench.machinecode.KernelCode;
import org.lamella.plan.Plan;

/**
 * A launch of a training step: counted, with its machine code, and modelled.
 *
 * @param operator to which it belongs
 * @param counts of the simulator
 * @param code of the very variant; null if no compiler here makes it
 * @param time by the model, without the gap before it; null without machine code
 */
public record ModelledLaunch(
        String operator,
        LaunchCounts counts,
        @Nullable KernelCode code,
        @Nullable LaunchTime time) {

    /** Share of the gap before a kernel that does not overlap with the end of the kernel before it. */
    private static final double EXPOSED = 0.6;

    private static final int SECTOR = 32;

    /**
     * Models all launches of a step.
     *
     * @param launches of the step
     * @param plan of the step
     * @param code the kernels of each variant; a variant that is absent is not modelled
     * @param gpu on which it runs
     * @return in the same order
     */
    public static List<ModelledLaunch> of(
            List<CountedStep.Counted> launches, Plan plan, Map<String, List<KernelCode>> code, GpuSpec gpu) {
        List<ModelledLaunch> all = new ArrayList<>();
        for (CountedStep.Counted launch : launches) {
            LaunchCounts counts = launch.counts();
            @Nullable
            KernelCode own = code.getOrDefault(counts.variant(), List.of()).stream()
                    .filter(k -> k.name().equals(counts.kernel()))
                    .findFirst()
                    .orElse(null);
            double operands = launch.operator() < 0
                    ? Double.MAX_VALUE
                    : OperatorWork.bytes(
                            plan.ops().get(launch.operator()), plan.options().batch());
            all.add(new ModelledLaunch(
                    CountedStep.operator(plan, launch),
                    counts,
                    own,
                    own == null ? null : LaunchTime.of(counts, own, gpu, operands)));
        }
        return all;
    }

    /**
     * The modelled time of a step: its launches one after the other, the gaps between them, and the time in which the
     * GPU waits for the host.
     *
     * @param launches of the step
     * @param gpu on which it runs
     * @return microseconds; NaN if a launch is not modelled
     */
    public static double stepMicroseconds(List<ModelledLaunch> launches, GpuSpec gpu) {
        double sum = gpu.hostMicroseconds();
        for (ModelledLaunch l : launches) {
            sum += l.time == null ? Double.NaN : l.time.microseconds() + EXPOSED * gpu.launchMicroseconds();
        }
        return sum;
    }

    /**
     * The share of a multiprocessor's warps that the kernel fills.
     *
     * @param gpu on which it runs
     * @return from 0 to 1; NaN without machine code
     */
    public double occupancy(GpuSpec gpu) {
        return code == null ? Double.NaN : gpu.occupancy(counts.block(), code.registers(), code.sharedBytes());
    }

    /** {@return bytes of global memory that all blocks touch, each sector once per block} */
    public double secondLevelBytes() {
        return counts.scale() * counts.blockSectors() * SECTOR;
    }
}
