package org.lamella.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.lamella.backend.DeviceLibrary;
import org.lamella.backend.DeviceProvider;
import org.lamella.backend.UnusableDeviceException;
import org.lamella.finding.Phrase;

/** Finds backends and their devices. */
public final class Devices {

    private static final String CUDA = "cuda";
    private static final String CUDA_ARTIFACT = "org.lamella:lamella-cuda";

    private Devices() {}

    /**
     * The CPU, with one thread per physical core.
     *
     * @return the device
     */
    public static Device cpu() {
        return choose("cpu");
    }

    /**
     * The CPU with a number of threads.
     *
     * @param threads 1 to 1024; 0 for the physical cores within the process's quota. Results do not depend on it.
     * @return the device
     * @throws IllegalArgumentException if the number is out of its range
     */
    public static Device cpu(int threads) {
        return cpu().withThreads(threads);
    }

    /** {@return present hardware that {@code auto} cannot use: one line each, with its remedy} */
    public static List<Phrase> unusable() {
        return DeviceProvider.all().stream()
                .map(DeviceProvider::unusable)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * What was looked for to find devices, and where: for reports of problems.
     *
     * @return one line each, with the name of its backend
     */
    public static List<String> report() {
        List<String> lines = new ArrayList<>();
        for (DeviceProvider p : DeviceProvider.all()) {
            String search = p.librarySearch();
            Stream.of(
                            p.report().stream().map(Phrase::text),
                            p.libraries().stream().map(DeviceLibrary::line),
                            Stream.ofNullable(search),
                            p.libraryNotes().stream().map(Phrase::text))
                    .flatMap(all -> all)
                    .forEach(line -> lines.add(p.name() + ": " + line));
        }
        return lines;
    }

    /**
     * Chooses a device by its name.
     *
     * @param name {@code auto} (GPUs that can train, else the CPU), {@code cpu}, {@code cuda} or {@code cuda:0,1}
     * @return the device; several GPUs act as one
     * @throws UnusableDeviceException if there is no such device; the message has the reason and the remedy
     * @throws IllegalArgumentException if the name is malformed
     */
    public static Device choose(String name) {
        Objects.requireNonNull(name, "name");
        if (name.equals("auto")) {
            List<Device> accelerators = new ArrayList<>();
            for (DeviceProvider p : DeviceProvider.all()) {
                if (!p.name().equals("cpu")) {
                    accelerators.addAll(p.devices());
                }
            }
            return accelerators.isEmpty() ? choose("cpu") : accelerators.get(0);
        }
        int colon = name.indexOf(':');
        String backend = colon < 0 ? name : name.substring(0, colon);
        for (DeviceProvider p : DeviceProvider.all()) {
            if (p.name().equals(backend)) {
                try {
                    return p.choose(colon < 0 ? null : name.substring(colon + 1));
                } catch (IllegalArgumentException e) {
                    throw UnusableDeviceException.of(name, e);
                }
            }
        }
        throw new IllegalArgumentException(
                backend.equals(CUDA)
                        ? "device " + name + ": the CUDA backend is not on the class path; add the artifact "
                                + CUDA_ARTIFACT + " in the version of lamella-core, or choose cpu"
                        : "device " + name + ": no such backend; use auto, cpu or cuda[:i,j]");
    }
}
