package org.lamella.cpu;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.DeviceProvider;
import org.lamella.finding.Phrase;

/** The CPU backend, which is always available. */
public final class CpuDeviceProvider implements DeviceProvider {

    /** Created by the service loader. */
    public CpuDeviceProvider() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public List<ComputeDevice> devices() {
        return List.of(new CpuDevice());
    }

    @Override
    public List<Phrase> report() {
        return Stream.of(
                        "native library: " + NativeLibrary.location(),
                        "instruction set: " + NativeLibrary.isa()
                                + " (LAMELLA_ISA=NAME forces avx512, avx2 or baseline)",
                        String.format(
                                Locale.ROOT,
                                "multiply-add peak: %.0f GFLOP/s, measured now on %d threads",
                                new CpuDevice().measurePeak(),
                                Machine.defaultThreads()),
                        "threads by default: " + Machine.defaultThreads()
                                + " (physical cores within the process's quota)",
                        "memory: " + Machine.megabytes(Machine.availableMemory()) + " available of "
                                + Machine.megabytes(Machine.memoryLimit()) + " allowed")
                .map(Phrase::of)
                .toList();
    }
}
