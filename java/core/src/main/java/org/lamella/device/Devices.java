package org.lamella.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;

/** Finds backends and their devices. */
public final class Devices {

    private static final String CUDA = "cuda";
    private static final String CUDA_ARTIFACT = "org.lamella:lamella-cuda";

    private Devices() {}

    /** {@return every backend on the class path, the CPU first} */
    public static List<DeviceProvider> providers() {
        List<DeviceProvider> found = new ArrayList<>();
        ServiceLoader.load(DeviceProvider.class).forEach(found::add);
        found.sort((a, b) -> Boolean.compare(b.name().equals("cpu"), a.name().equals("cpu")));
        return found;
    }

    /** {@return present hardware that {@code auto} cannot use: one line each, with its remedy} */
    public static List<String> unusable() {
        return providers().stream()
                .map(DeviceProvider::unusable)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Chooses a device by its name.
     *
     * @param name {@code auto} (GPUs that can train, else the CPU), {@code cpu}, {@code cuda} or {@code cuda:0,1}
     * @return the device; several GPUs act as one
     * @throws IllegalArgumentException if there is no such device; the message has the reason and the remedy
     */
    public static Device choose(String name) {
        Objects.requireNonNull(name, "name");
        if (name.equals("auto")) {
            List<Device> accelerators = new ArrayList<>();
            for (DeviceProvider p : providers()) {
                if (!p.name().equals("cpu")) {
                    accelerators.addAll(p.devices());
                }
            }
            return accelerators.isEmpty() ? choose("cpu") : accelerators.get(0);
        }
        int colon = name.indexOf(':');
        String backend = colon < 0 ? name : name.substring(0, colon);
        for (DeviceProvider p : providers()) {
            if (p.name().equals(backend)) {
                try {
                    return p.choose(colon < 0 ? null : name.substring(colon + 1));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("device " + name + ": " + e.getMessage(), e);
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
