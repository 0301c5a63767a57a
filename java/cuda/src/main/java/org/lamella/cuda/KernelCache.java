package org.lamella.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.lamella.model.AtomicFiles;

/**
 * Machine code of kernels: what a bundle brings along, else from a folder on disk, else compiled and kept there, so
 * that each is compiled once on a machine. A kept file's name is the SHA-256 of all that decides what is in it: source,
 * constants, architecture, compiler version. Its last 32 bytes are the SHA-256 of those before; a file that does not
 * agree with itself is compiled again. Many processes may use one folder at once; one that cannot be written to costs
 * time, nothing else. The compiler is loaded when something is first wanted that was not brought along.
 */
final class KernelCache {

    /** What makes machine code. */
    interface Source {
        /** The compiler's version. */
        String version();

        /** The machine code of a variant for an architecture. */
        byte[] compile(KernelVariant variant, String architecture);
    }

    /** Machine code that is only read. */
    interface Layer {
        /** The machine code of a variant for an architecture, or null if there is none. */
        byte[] find(KernelVariant variant, String architecture);
    }

    private static final int DIGEST_BYTES = 32;
    /**
     * Drivers' numbers for machine code that they do not take: image, architecture, version, or what it was made from.
     */
    private static final Set<Integer> REFUSALS = Set.of(200, 209, 218, 222, 223, 300);
    /** Since a driver has refused what was brought along: said once. */
    private static final AtomicBoolean REFUSED = new AtomicBoolean();

    private final Layer shipped;
    private final Path folder;
    private final Supplier<Source> loadCompiler;
    private Source compiler;

    /**
     * @param shipped is asked first; null if there is none
     * @param folder where the files are; made when the first is written
     * @param loadCompiler is called when first something must be compiled
     */
    KernelCache(Layer shipped, Path folder, Supplier<Source> loadCompiler) {
        this.shipped = shipped;
        this.folder = folder;
        this.loadCompiler = loadCompiler;
    }

    /** What this process uses. */
    static KernelCache ofProcess() {
        Path brought = ShippedKernels.defaultFolder();
        return new KernelCache(
                brought == null ? null : new ShippedKernels(brought, KernelCache::note),
                defaultFolder(),
                KernelCompiler::new);
    }

    private static void note(String line) {
        System.err.println("note: " + line);
    }

    /** {@code $XDG_CACHE_HOME/lamella/kernels}, or {@code ~/.cache/lamella/kernels}. */
    static Path defaultFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("lamella").resolve("kernels");
    }

    /**
     * Loads the kernels of a variant. What was brought along and the driver refuses is compiled instead.
     *
     * @param load hands machine code to the driver
     * @throws CudaException if it does not compile, or if the driver refuses it
     * @throws IllegalArgumentException if it must be compiled and there is no compiler
     */
    <T> T load(KernelVariant variant, String architecture, Function<byte[], T> load) {
        byte[] brought = shipped == null ? null : shipped.find(variant, architecture);
        if (brought != null) {
            try {
                return load.apply(brought);
            } catch (CudaException e) {
                if (!REFUSALS.contains(e.result())) {
                    throw e;
                }
                if (REFUSED.compareAndSet(false, true)) {
                    note("this driver does not take the kernels that came with the program (" + e.getMessage()
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
        Path file = folder.resolve(key(variant, architecture, source.version()) + ".cubin");
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
     * @param keep whether what was made serves other runs too
     */
    String decision(byte[] key, Supplier<String> make, Predicate<String> keep) {
        Path file = folder.resolve(HexFormat.of().formatHex(sha256().digest(key)) + ".choice");
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

    /** What names machine code; the compiler's version is null if that does not matter. */
    static String key(KernelVariant variant, String architecture, String version) {
        MessageDigest digest = sha256();
        for (String part : new String[] {
            KernelSources.read(KernelSources.HEADER),
            KernelSources.read(variant.file()),
            variant.toString(),
            architecture,
            version
        }) {
            if (part != null) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
                digest.update((byte) ':');
                digest.update(bytes);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The code in a file, or null if there is none that agrees with itself. */
    private static byte[] read(Path file) {
        byte[] all;
        try {
            all = Files.readAllBytes(file);
        } catch (IOException e) {
            return null;
        }
        int length = all.length - DIGEST_BYTES;
        if (length <= 0) {
            return null;
        }
        byte[] code = Arrays.copyOf(all, length);
        return Arrays.equals(sha256().digest(code), Arrays.copyOfRange(all, length, all.length)) ? code : null;
    }

    private static void keep(Path file, byte[] code) {
        byte[] all = Arrays.copyOf(code, code.length + DIGEST_BYTES);
        System.arraycopy(sha256().digest(code), 0, all, code.length, DIGEST_BYTES);
        try {
            AtomicFiles.replace(file, part -> Files.write(part, all));
        } catch (IOException e) {
            // Not kept: it costs the next process the time to compile, nothing else.
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
