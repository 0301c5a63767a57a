package org.lamella.cpu;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_op;
import org.lamella.cpu.bindings.lamella_stage;

/** Loads the native library and proves that it is the one these classes were built with. */
final class NativeLibrary {

    private static final String LOADED = load();

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
        return LOADED;
    }

    /** The instruction level to use: LAMELLA_ISA, or the best of this machine. */
    static String isa() {
        String forced = System.getenv("LAMELLA_ISA");
        return forced == null || forced.isBlank() ? isas().get(0) : checked(forced);
    }

    /** This level, if it can be run here. */
    static String checked(String isa) {
        List<String> levels = isas();
        if (!levels.contains(isa)) {
            throw new IllegalArgumentException(
                    "instruction level " + isa + ": this machine or build has no such level; it has "
                            + String.join(", ", levels) + " (LAMELLA_ISA chooses one)");
        }
        return isa;
    }

    /** Levels that this machine can run, the best one first. */
    static List<String> isas() {
        location();
        return Stream.of("avx512", "avx2", "neon", "baseline")
                .filter(l -> NativeEngine.lamella_isa_available(l) != 0)
                .toList();
    }
}
