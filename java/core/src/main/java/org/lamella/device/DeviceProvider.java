package org.lamella.device;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backend: finds its devices. Implementations are found by {@link java.util.ServiceLoader}. */
public interface DeviceProvider {

    /** {@return the backend's name on the command line: {@code cpu}, {@code cuda}} */
    String name();

    /**
     * The devices that can be used now. Missing hardware or libraries never cause an exception.
     *
     * @return empty if there are none
     */
    List<Device> devices();

    /**
     * Chooses a device, or several that act as one.
     *
     * @param which the text after the colon of {@code cuda:0,1}; null for the best single device
     * @return the device
     * @throws IllegalArgumentException if there is no such device; the message has the reason and the remedy
     */
    default Device choose(@Nullable String which) {
        List<Device> all = devices();
        if (which != null || all.isEmpty()) {
            throw new IllegalArgumentException(
                    which == null ? String.join("; ", report()) : name() + " has no devices to choose from");
        }
        return all.get(0);
    }

    /**
     * Why hardware that seems to be present cannot be used, and the remedy. Never throws.
     *
     * @return one line; null if it can be used, or if there is no hardware
     */
    default @Nullable String unusable() {
        return null;
    }

    /** {@return a report of the search for devices: places, results and remedies, one line each} */
    List<String> report();

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
    default List<String> libraryNotes() {
        return List.of();
    }
}
