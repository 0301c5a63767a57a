package org.lamella.cuda.compile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.UnusableDeviceException;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.library.LibraryFolders;
import org.lamella.file.AtomicFiles;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.work.Work;

/**
 * Machine code of kernels: shipped in a bundle, else from a folder on disk, else compiled and kept there, so that each
 * variant is compiled once per machine. The name of a kept file is the SHA-256 of everything that determines its
 * content: source, constants, architecture, compiler version. Its last 32 bytes are the SHA-256 of the bytes before; a
 * file with a wrong checksum is compiled again. Several processes may use one folder at the same time. A folder that
 * cannot be written only costs time. The compiler is loaded when a kernel that was not shipped is first needed.
 */
public final class KernelCache {

    /** A compiler of kernels. */
    public interface Source {
        /** {@return the compiler's version} */
        String version();

        /**
         * The machine code of a variant for an architecture.
         *
         * @param variant kernel file and constants
         * @param architecture for example {@code sm_37}
         * @return a loadable image
         */
        byte[] compile(KernelVariant variant, String architecture);
    }

    /** A read-only store of machine code. */
    public interface Layer {
        /**
         * The machine code of a variant for an architecture.
         *
         * @param variant kernel file and constants
         * @param architecture for example {@code sm_37}
         * @return a loadable image; null if there is none
         */
        byte @Nullable [] find(KernelVariant variant, String architecture);
    }

    /** Error numbers of drivers that do not accept machine code: image, architecture, version, or source. */
    private static final Set<Integer> REFUSALS = Set.of(200, 209, 218, 222, 223, 300);

    private static final Layer NOTHING = (variant, architecture) -> null;

    private final Supplier<@Nullable Layer> loadShipped;
    private final Path folder;
    private final Supplier<Source> loadCompiler;
    private final Consumer<String> notes;
    private final KernelSources sources = new KernelSources();
    /** Whether the driver has refused shipped kernels; reported once. */
    private final AtomicBoolean refused = new AtomicBoolean();
    /** Whether variants were missing; reported once. */
    private final AtomicBoolean missing = new AtomicBoolean();

    private @Nullable Layer shipped;
    private @Nullable Source compiler;
    private @Nullable LinkageError compilerFailure;

    /**
     * Reads and loads nothing until it is needed.
     *
     * @param loadShipped opens the shipped kernels, which are tried first; returns null if there are none
     * @param folder of the kept files; created with the first of them
     * @param loadCompiler is called when a kernel must first be compiled
     * @param notes takes a line for the user
     */
    public KernelCache(
            Supplier<@Nullable Layer> loadShipped, Path folder, Supplier<Source> loadCompiler, Consumer<String> notes) {
        this.loadShipped = loadShipped;
        this.folder = folder;
        this.loadCompiler = loadCompiler;
        this.notes = notes;
    }

    /**
     * The folder on this machine: {@code $XDG_CACHE_HOME/lamella/kernels}, or {@code ~/.cache/lamella/kernels}.
     *
     * @return need not exist
     */
    public static Path defaultFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("lamella").resolve("kernels");
    }

    /**
     * Loads the kernels of a variant. Shipped kernels that the driver refuses are compiled instead.
     *
     * @param <T> type of the loaded kernels
     * @param variant file and constants
     * @param architecture for example {@code sm_37}
     * @param load passes machine code to the driver
     * @return the result of {@code load}
     * @throws CudaException if the variant does not compile, or if the driver refuses it
     * @throws IllegalArgumentException if it must be compiled and there is no compiler
     */
    public <T> T load(KernelVariant variant, String architecture, Function<byte[], T> load) {
        byte[] found = shipped().find(variant, architecture);
        if (found != null) {
            try {
                return load.apply(found);
            } catch (CudaException e) {
                if (!REFUSALS.contains(e.result())) {
                    throw e;
                }
                if (refused.compareAndSet(false, true)) {
                    notes.accept("this driver does not take the kernels that came with the program (" + e.getMessage()
                            + "); they are compiled here");
                }
            }
        }
        return load.apply(get(variant, architecture));
    }

    /**
     * The first of some variants of which there can be machine code: it was shipped, or there is a compiler. If there
     * is none, this is noted once.
     *
     * @param variants of one kernel file, the preferred first; at least one
     * @param architecture for example {@code sm_37}
     * @return null if there is none
     */
    public @Nullable KernelVariant firstOf(List<KernelVariant> variants, String architecture) {
        if (shipped().find(variants.get(0), architecture) != null) {
            return variants.get(0);
        }
        try {
            compiler();
            return variants.get(0);
        } catch (LinkageError e) {
            for (KernelVariant variant : variants) {
                if (shipped().find(variant, architecture) != null) {
                    return variant;
                }
            }
            if (missing.compareAndSet(false, true)) {
                notes.accept("slower kernels, which work for every shape, compute some convolutions on this GPU ("
                        + architecture + "): " + variants.get(0) + " did not come with the program, and CUDA's "
                        + "compiler NVRTC does not load (" + e.getMessage() + "); install it, or name its folder: "
                        + LibraryFolders.SETTING + "=FOLDER");
            }
            return null;
        }
    }

    /**
     * The machine code for this machine, from disk if it is there, else compiled and kept.
     *
     * @throws CudaException if it does not compile
     * @throws IllegalArgumentException if there is no compiler
     */
    byte[] get(KernelVariant variant, String architecture) {
        Source source = compiler(variant, architecture);
        Path file = folder.resolve(sources.key(variant, architecture, source.version()) + ".cubin");
        byte[] kept = read(file);
        if (kept != null) {
            return kept;
        }
        byte[] code;
        try (Work work = Work.begin("compiling kernels for this GPU, once", 0, "kernel")) {
            work.to(0);
            code = source.compile(variant, architecture);
            work.add(1);
        }
        keep(file, code);
        return code;
    }

    /**
     * The decision for a key, from disk if it is there, else made and perhaps kept.
     *
     * @param key everything that the decision depends on
     * @param make makes the decision, as a text
     * @param keep whether the decision is valid for other runs too
     * @return the decision
     */
    public String decision(byte[] key, Supplier<String> make, Predicate<String> keep) {
        Path file = folder.resolve(Sha256.hex(key) + ".choice");
        byte[] kept = read(file);
        if (kept != null) {
            return new String(kept, StandardCharsets.UTF_8);
        }
        String made = make.get();
        if (keep.test(made)) {
            keep(file, made.getBytes(StandardCharsets.UTF_8));
        }
        return made;
    }

    /**
     * The source texts of kernels.
     *
     * @return the same at each call
     */
    public KernelSources sources() {
        return sources;
    }

    /**
     * The origin of a variant's machine code: measured times are valid for one origin only.
     *
     * @param variant file and constants
     * @param architecture for example {@code sm_37}
     * @return the digest of the shipped machine code, or the compiler's version
     * @throws IllegalArgumentException if it must be compiled and there is no compiler
     */
    public String origin(KernelVariant variant, String architecture) {
        byte[] found = refused.get() ? null : shipped().find(variant, architecture);
        return found == null ? compiler(variant, architecture).version() : Sha256.hex(found);
    }

    private synchronized Layer shipped() {
        if (shipped == null) {
            Layer loaded = loadShipped.get();
            shipped = loaded == null ? NOTHING : loaded;
        }
        return shipped;
    }

    private Source compiler(KernelVariant variant, String architecture) {
        try {
            return compiler();
        } catch (LinkageError e) {
            throw new UnusableDeviceException(
                    Phrase.format(
                            "the kernels for this GPU (%s, %s) must be compiled here, and CUDA's compiler NVRTC "
                                    + "does not load (%s); install it, or name its folder: %s=FOLDER; %s says "
                                    + "where it was looked for",
                            architecture,
                            variant,
                            String.valueOf(e.getMessage()),
                            LibraryFolders.SETTING,
                            Setting.DEVICE_REPORT),
                    e);
        }
    }

    /** Loads the compiler at the first call. A failure is kept: the next call would search all folders again. */
    private synchronized Source compiler() {
        if (compilerFailure != null) {
            throw compilerFailure;
        }
        if (compiler == null) {
            try {
                compiler = loadCompiler.get();
            } catch (LinkageError e) {
                compilerFailure = e;
                throw e;
            }
        }
        return compiler;
    }

    /** The code in a file; null if there is no file or its checksum is wrong. */
    private static byte @Nullable [] read(Path file) {
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (IOException e) {
            return null;
        }
        int length = all.length - Sha256.BYTES;
        if (length <= 0) {
            return null;
        }
        byte[] code = Arrays.copyOf(all, length);
        return Arrays.equals(Sha256.of(code), Arrays.copyOfRange(all, length, all.length)) ? code : null;
    }

    private static void keep(Path file, byte[] code) {
        byte[] all = Arrays.copyOf(code, code.length + Sha256.BYTES);
        System.arraycopy(Sha256.of(code), 0, all, code.length, Sha256.BYTES);
        try {
            AtomicFiles.replace(file, part -> Files.write(part, all));
        } catch (IOException e) {
            // Not kept: the next process compiles it again.
        }
    }
}
