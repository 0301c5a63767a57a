package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelStructure;
import org.lamella.cuda.gpu.DeviceMemory;
import org.lamella.plan.Plan;

/** Layout of a plan's memory on a GPU: offsets in bytes. The arena comes first. */
final class ReplicaLayout {

    /** Steps whose inputs can be on the GPU at the same time: the current one and two ahead. */
    static final int SLOTS = 3;

    private final long inputBytes;
    private final long labelBytes;
    private final long slotBytes;
    private final long slots;
    private final long output;
    private final long bytes;

    /** For a GPU's part of a plan. */
    ReplicaLayout(Plan plan) {
        long batch = plan.options().batch();
        inputBytes = DeviceMemory.aligned(batch * plan.network().input().elements() * Float.BYTES);
        labelBytes = DeviceMemory.aligned(batch * plan.network().outputs() * Float.BYTES);
        slotBytes = inputBytes + 2 * labelBytes + DeviceMemory.aligned(KernelStructure.STEP_STATE.bytes());
        slots = DeviceMemory.aligned(plan.arenaBytes());
        output = slots + SLOTS * slotBytes;
        bytes = output + DeviceMemory.aligned(batch * plan.outputElements() * Float.BYTES);
    }

    long input(int slot) {
        return slots + slot * slotBytes;
    }

    long targets(int slot) {
        return input(slot) + inputBytes;
    }

    long mask(int slot) {
        return targets(slot) + labelBytes;
    }

    long state(int slot) {
        return mask(slot) + labelBytes;
    }

    long output() {
        return output;
    }

    /** All of it. */
    long bytes() {
        return bytes;
    }
}
