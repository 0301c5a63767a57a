package org.lamella.cpu;

import org.bytedeco.javacpp.Loader;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_op;
import org.lamella.cpu.bindings.lamella_stage;

/** Loads the native library and proves that it is the one these classes were built with. */
final class NativeLibrary {

    private static final String LOADED = load();

    private NativeLibrary() {
    }

    private static String load() {
        try {
            String path = Loader.load(NativeEngine.class);
            if (NativeEngine.lamella_op_bytes() != Loader.sizeof(lamella_op.class)
                    || NativeEngine.lamella_stage_bytes() != Loader.sizeof(lamella_stage.class)) {
                throw new IllegalStateException("the native library " + path + " belongs to another version of Lamella");
            }
            return path == null ? "loaded from java.library.path" : path;
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException("the native library could not be loaded on " + Loader.getPlatform() + ": "
                    + e.getMessage() + "; is the JavaCPP cache (~/.javacpp/cache, or -Dorg.bytedeco.javacpp.cachedir) "
                    + "writable?", e);
        }
    }

    static String location() {
        return LOADED;
    }

    /** The instruction level to use: LAMELLA_ISA, or the best of this machine. */
    static String isa() {
        location();
        String forced = System.getenv("LAMELLA_ISA");
        if (forced == null || forced.isBlank()) {
            return NativeEngine.lamella_best_isa().getString();
        }
        if (NativeEngine.lamella_isa_available(forced) == 0) {
            throw new IllegalArgumentException("LAMELLA_ISA=" + forced + ": this machine or build has no such level; its "
                    + "best is " + NativeEngine.lamella_best_isa().getString());
        }
        return forced;
    }
}
