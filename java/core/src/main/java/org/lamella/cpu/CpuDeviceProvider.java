package org.lamella.cpu;

import java.util.List;
import java.util.Locale;
import org.lamella.device.Device;
import org.lamella.device.DeviceProvider;

/** The CPU backend, which is always available. */
public final class CpuDeviceProvider implements DeviceProvider {

    /** Created by the service loader. */
    public CpuDeviceProvider() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public List<Device> devices() {
        return List.of(new CpuDevice());
    }

    @Override
    public List<String> report() {
        return List.of(
                "native library: " + NativeLibrary.location(),
                "instruction set: " + NativeLibrary.isa() + " (LAMELLA_ISA=NAME forces avx512, avx2 or baseline)",
                String.format(
                        Locale.ROOT,
                        "multiply-add peak: %.0f GFLOP/s, measured now on %d threads",
                        new CpuDevice().measurePeak(),
                        Machine.defaultThreads()),
                "threads by default: " + Machine.defaultThreads() + " (physical cores within the process's quota)",
                "memory: " + Machine.megabytes(Machine.availableMemory()) + " available of "
                        + Machine.megabytes(Machine.memoryLimit()) + " allowed");
    }
}
