package org.lamella.device;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backend: finds its devices. Implementations are found by {@link java.util.ServiceLoader}. */
public interface DeviceProvider {

    /** {@return the backend's name as the command line has it: {@code cpu}, {@code cuda}} */
    String name();

    /**
     * The devices that can be used now. Never throws for missing hardware or libraries.
     *
     * @return empty if there are none
     */
    List<Device> devices();

    /**
     * The device, or the devices as one, that a name asks for.
     *
     * @param which what stands behind the colon of {@code cuda:0,1}; null if nothing does, for the best single one
     * @return the device
     * @throws IllegalArgumentException if there is no such device, saying why and what would help
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
     * Why hardware that seems to be there cannot be used and what would help. Never throws.
     *
     * @return one line; null if it can be used, or if there is none
     */
    default @Nullable String idle() {
        return null;
    }

    /** {@return what was looked for, where, what was found, and what would help: one line each} */
    List<String> report();

    /**
     * The native libraries that this backend uses, those too that are missing. Loads what can be loaded. Never throws.
     *
     * @return empty for a backend that needs none
     */
    default List<DeviceLibrary> libraries() {
        return List.of();
    }

    /** {@return where those libraries were looked for, in one line; null if they were not} */
    default @Nullable String librarySearch() {
        return null;
    }

    /** {@return what is wrong or doubtful with the libraries: one line each, with its remedy} */
    default List<String> libraryNotes() {
        return List.of();
    }
}
