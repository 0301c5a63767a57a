package org.lamella.cpu;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_op;
import org.lamella.cpu.bindings.lamella_stage;

/** Loads the native library and checks that it has the version of these classes. */
final class NativeLibrary {

    private static final String LOCATION = load();

    private NativeLibrary() {}

    private static String load() {
        try {
            String path = Loader.load(NativeEngine.class);
            if (NativeEngine.lamella_op_bytes() != Loader.sizeof(lamella_op.class)
                    || NativeEngine.lamella_stage_bytes() != Loader.sizeof(lamella_stage.class)) {
                throw new IllegalStateException(
                        "the native library " + path + " belongs to another version of Lamella");
            }
            return path == null ? "loaded from java.library.path" : path;
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException(
                    "the native library could not be loaded on " + Loader.getPlatform() + ": "
                            + e.getMessage()
                            + "; is the JavaCPP cache (~/.javacpp/cache, or -Dorg.bytedeco.javacpp.cachedir) "
                            + "writable?",
                    e);
        }
    }

    static String location() {
        return LOCATION;
    }

    /** The ISA to use: LAMELLA_ISA, or the best of this machine. */
    static String isa() {
        String forced = System.getenv("LAMELLA_ISA");
        return forced == null || forced.isBlank() ? isas().get(0) : checked(forced);
    }

    /** Returns {@code isa} if this machine can run it. */
    static String checked(String isa) {
        List<String> isas = isas();
        if (!isas.contains(isa)) {
            throw new IllegalArgumentException(
                    "instruction set " + isa + ": this machine or build does not have it; it has "
                            + String.join(", ", isas) + " (LAMELLA_ISA chooses one)");
        }
        return isa;
    }

    /** ISAs that this machine can run, the best one first. */
    static List<String> isas() {
        location();
        return Stream.of("avx512", "avx2", "neon", "baseline")
                .filter(isa -> NativeEngine.lamella_isa_available(isa) != 0)
                .toList();
    }
}
