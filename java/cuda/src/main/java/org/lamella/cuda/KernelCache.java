package org.lamella.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.lamella.model.AtomicFiles;

/**
 * Machine code of kernels on disk, so that each is compiled once on a machine. A file's name is the SHA-256 of all that decides
 * what is in it: source, constants, architecture, compiler version. Its last 32 bytes are the SHA-256 of those before; a file
 * that does not agree with itself is compiled again. Many processes may use one folder at once; one that cannot be written to
 * costs time, nothing else.
 */
final class KernelCache {

    /** What makes machine code. */
    interface Source {
        /** The compiler's version. */
        String version();

        /** The machine code of a variant for an architecture. */
        byte[] compile(KernelVariant variant, String architecture);
    }

    private static final int DIGEST_BYTES = 32;

    private final Path folder;
    private final Source compiler;

    /** @param folder where the files are; made when the first is written */
    KernelCache(Path folder, Source compiler) {
        this.folder = folder;
        this.compiler = compiler;
    }

    /** {@code $XDG_CACHE_HOME/lamella/kernels}, or {@code ~/.cache/lamella/kernels}. */
    static Path defaultFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null || cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("lamella").resolve("kernels");
    }

    /**
     * The machine code, from disk if it is there, else compiled and kept.
     *
     * @throws CudaException if it does not compile
     */
    byte[] get(KernelVariant variant, String architecture) {
        Path file = folder.resolve(key(variant, architecture) + ".cubin");
        byte[] kept = read(file);
        if (kept != null) {
            return kept;
        }
        byte[] code = compiler.compile(variant, architecture);
        keep(file, code);
        return code;
    }

    /**
     * What was decided under a key, from disk if it is there, else made and kept.
     *
     * @param key all that the decision depends on
     */
    String decision(byte[] key, Supplier<String> make) {
        Path file = folder.resolve(HexFormat.of().formatHex(sha256().digest(key)) + ".choice");
        byte[] kept = read(file);
        if (kept == null) {
            kept = make.get().getBytes(StandardCharsets.UTF_8);
            keep(file, kept);
        }
        return new String(kept, StandardCharsets.UTF_8);
    }

    private String key(KernelVariant variant, String architecture) {
        MessageDigest digest = sha256();
        for (String part : new String[] {KernelSources.read(KernelSources.HEADER), KernelSources.read(variant.file()),
                variant.toString(), architecture, compiler.version()}) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) ':');
            digest.update(bytes);
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

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
