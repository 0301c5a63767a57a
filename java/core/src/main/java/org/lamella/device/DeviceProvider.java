package org.lamella.device;

import java.util.List;

/** A backend: finds its devices. Implementations are found by {@link java.util.ServiceLoader}. */
public interface DeviceProvider {

    /** The backend's name as the command line has it: {@code cpu}, {@code cuda}. */
    String name();

    /** The devices that can be used now; empty if there are none. Never throws for missing hardware or libraries. */
    List<Device> devices();

    /** What was looked for, where, what was found, and what would help: one line each. */
    List<String> report();
}
