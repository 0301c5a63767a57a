package org.lamella.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.lamella.finding.Phrase;

/** A backend: finds its devices. Implementations are found by {@link java.util.ServiceLoader}. */
public interface DeviceProvider {

    /** {@return every backend of this program, the CPU first} */
    static List<DeviceProvider> all() {
        List<DeviceProvider> found = new ArrayList<>();
        ServiceLoader.load(DeviceProvider.class).forEach(found::add);
        found.sort((a, b) -> Boolean.compare(b.name().equals("cpu"), a.name().equals("cpu")));
        return found;
    }

    /** {@return the backend's name on the command line: {@code cpu}, {@code cuda}} */
    String name();

    /**
     * The devices that can be used now. Missing hardware or libraries never cause an exception.
     *
     * @return empty if there are none
     */
    List<ComputeDevice> devices();

    /**
     * Chooses a device, or several that act as one.
     *
     * @param which the text after the colon of {@code cuda:0,1}; null for the best single device
     * @return the device
     * @throws UnusableDeviceException if there is no such device; the message has the reason and the remedy
     */
    default ComputeDevice choose(@Nullable String which) {
        List<ComputeDevice> all = devices();
        if (which != null || all.isEmpty()) {
            throw new UnusableDeviceException(
                    which == null ? Phrase.join("; ", report()) : Phrase.of(name() + " has no devices to choose from"));
        }
        return all.get(0);
    }

    /**
     * Why hardware that seems to be present cannot be used, and the remedy. Never throws.
     *
     * @return one line; null if it can be used, or if there is no hardware
     */
    default @Nullable Phrase unusable() {
        return null;
    }

    /** {@return a report of the search for devices: places, results and remedies, one line each} */
    List<Phrase> report();

    /**
     * The native libraries that this backend uses, including missing ones. Loads the others. Never throws.
     *
     * @return empty for a backend that needs none
     */
    default List<DeviceLibrary> libraries() {
        return List.of();
    }

    /** {@return the places where the libraries were searched, in one line; null if they were not searched} */
    default @Nullable String librarySearch() {
        return null;
    }

    /** {@return problems and doubts about the libraries: one line each, with its remedy} */
    default List<Phrase> libraryNotes() {
        return List.of();
    }
}
