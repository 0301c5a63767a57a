package org.lamella.cuda.compile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.library.LibraryFolders;
import org.lamella.file.AtomicFiles;

/**
 * Machine code of kernels: what a bundle brings along, else from a folder on disk, else compiled and kept there, so
 * that each is compiled once on a machine. A kept file's name is the SHA-256 of all that decides what is in it: source,
 * constants, architecture, compiler version. Its last 32 bytes are the SHA-256 of those before; a file that does not
 * agree with itself is compiled again. Many processes may use one folder at once; one that cannot be written to costs
 * time, nothing else. The compiler is loaded when something is first wanted that was not brought along.
 */
public final class KernelCache {

    /** What makes machine code. */
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

    /** Machine code that is only read. */
    public interface Layer {
        /**
         * The machine code of a variant for an architecture.
         *
         * @param variant kernel file and constants
         * @param architecture for example {@code sm_37}
         * @return a loadable image; null if there is none
         */
        byte[] find(KernelVariant variant, String architecture);
    }

    /**
     * Drivers' numbers for machine code that they do not take: image, architecture, version, or what it was made from.
     */
    private static final Set<Integer> REFUSALS = Set.of(200, 209, 218, 222, 223, 300);

    private static final Layer NOTHING = (variant, architecture) -> null;

    private final Supplier<Layer> loadShipped;
    private final Path folder;
    private final Supplier<Source> loadCompiler;
    private final Consumer<String> notes;
    private final KernelSources sources = new KernelSources();
    /** Since a driver has refused what was brought along: said once. */
    private final AtomicBoolean refused = new AtomicBoolean();

    private Layer shipped;
    private Source compiler;

    /**
     * Nothing is read or loaded before it is needed.
     *
     * @param loadShipped makes what is asked first; it may make null if there is none
     * @param folder where the files are; made when the first is written
     * @param loadCompiler is called when first something must be compiled
     * @param notes takes a line for people
     */
    public KernelCache(
            Supplier<Layer> loadShipped, Path folder, Supplier<Source> loadCompiler, Consumer<String> notes) {
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
     * Loads the kernels of a variant. What was brought along and the driver refuses is compiled instead.
     *
     * @param <T> what they are loaded as
     * @param variant file and constants
     * @param architecture for example {@code sm_37}
     * @param load hands machine code to the driver
     * @return what {@code load} made
     * @throws CudaException if it does not compile, or if the driver refuses it
     * @throws IllegalArgumentException if it must be compiled and there is no compiler
     */
    public <T> T load(KernelVariant variant, String architecture, Function<byte[], T> load) {
        byte[] brought = shipped().find(variant, architecture);
        if (brought != null) {
            try {
                return load.apply(brought);
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
        byte[] code = source.compile(variant, architecture);
        keep(file, code);
        return code;
    }

    /**
     * What was decided under a key, from disk if it is there, else made, and kept if it may be.
     *
     * @param key all that the decision depends on
     * @param make makes the decision, as a text
     * @param keep whether what was made serves other runs too
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
     * The texts that kernels are made of.
     *
     * @return the same at each call
     */
    public KernelSources sources() {
        return sources;
    }

    /**
     * What made the machine code of a variant: times that were measured with it hold for no other.
     *
     * @param variant file and constants
     * @param architecture for example {@code sm_37}
     * @return the digest of what was brought along, or the compiler's version
     * @throws IllegalArgumentException if it must be compiled and there is no compiler
     */
    public String origin(KernelVariant variant, String architecture) {
        byte[] brought = refused.get() ? null : shipped().find(variant, architecture);
        return brought == null ? compiler(variant, architecture).version() : Sha256.hex(brought);
    }

    private synchronized Layer shipped() {
        if (shipped == null) {
            Layer loaded = loadShipped.get();
            shipped = loaded == null ? NOTHING : loaded;
        }
        return shipped;
    }

    private synchronized Source compiler(KernelVariant variant, String architecture) {
        if (compiler == null) {
            try {
                compiler = loadCompiler.get();
            } catch (LinkageError e) {
                throw new IllegalArgumentException(
                        "the kernels for this GPU (" + architecture + ", " + variant
                                + ") must be compiled here, and CUDA's "
                                + "compiler NVRTC does not load (" + e.getMessage()
                                + "); install it, or name its folder: "
                                + LibraryFolders.SETTING
                                + "=FOLDER; devices --verbose says where it was looked for",
                        e);
            }
        }
        return compiler;
    }

    /** The code in a file, or null if there is none that agrees with itself. */
    private static byte[] read(Path file) {
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
            // Not kept: it costs the next process the time to compile, nothing else.
        }
    }
}
