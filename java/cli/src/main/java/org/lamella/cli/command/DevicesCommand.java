package org.lamella.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.DeviceLibrary;
import org.lamella.backend.DeviceProvider;
import org.lamella.cli.option.Flags;
import org.lamella.cli.report.Json;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.cpu.CpuDevice;
import org.lamella.device.Device;
import org.lamella.finding.Phrase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lamella devices}. */
@Command(name = "devices", mixinStandardHelpOptions = true, description = "Lists the devices that can run networks.")
public final class DevicesCommand implements Callable<Integer> {

    @Option(
            names = "--verbose",
            description = "For each backend: which libraries were searched for, where, which were found, and "
                    + "how to add missing ones.")
    private boolean verbose;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<Map<String, Object>> backends = new ArrayList<>();
        for (DeviceProvider p : DeviceProvider.all()) {
            List<ComputeDevice> devices = p.devices();
            Map<String, Object> backend = new LinkedHashMap<>();
            backend.put("backend", p.name());
            backend.put(
                    "devices",
                    devices.stream()
                            .map(d -> Map.of("name", d.name(), "description", d.description()))
                            .toList());
            List<String> report = verbose || json ? texts(p.report()) : List.of();
            backend.put("report", report);
            List<DeviceLibrary> libraries = verbose || json ? p.libraries() : List.of();
            String search = verbose || json ? p.librarySearch() : null;
            backend.put("library_search", search);
            backend.put("libraries", libraries.stream().map(Json::fields).toList());
            List<String> notes = verbose || json ? texts(p.libraryNotes()) : List.of();
            backend.put("notes", notes);
            backends.add(backend);
            if (!json) {
                devices.forEach(d -> System.out.println(d.name() + ": " + d.description() + peak(d)));
                if (devices.isEmpty()) {
                    System.out.println(
                            p.name() + ": no device" + (verbose ? "" : ": " + String.join("; ", texts(p.report()))));
                }
                if (verbose) {
                    report.forEach(line -> System.out.println("  " + line));
                    if (search != null) {
                        System.out.println("  " + search);
                    }
                    libraries.forEach(library -> System.out.println("  " + library.line()));
                    notes.forEach(note -> System.out.println("  note: " + note));
                }
            }
        }
        if (json) {
            StandardOutput.print(Json.pretty(backends));
        }
        return 0;
    }

    private static List<String> texts(List<Phrase> lines) {
        return lines.stream().map(line -> line.text(Flags::of)).toList();
    }

    private static String peak(Device device) {
        return device instanceof CpuDevice cpu
                ? String.format(Locale.ROOT, ", multiply-add peak %.0f GFLOP/s, measured now", cpu.measurePeak())
                : "";
    }
}
