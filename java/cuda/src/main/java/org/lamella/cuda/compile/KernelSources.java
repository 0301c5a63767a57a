package org.lamella.cuda.compile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts of {@code cuda-kernels}, which are resources of the jar. Each is read once. */
public final class KernelSources {

    /** The header that every kernel file includes. */
    public static final String HEADER = "device.cuh";

    private static final Pattern INCLUDED = Pattern.compile("(?m)^#include \"(\\w+\\.cuh)\"$");

    private final Map<String, String> texts = new ConcurrentHashMap<>();

    /**
     * The text of a file.
     *
     * @param file its name, for example {@code pool.cu}
     * @return all of it
     * @throws IllegalArgumentException if there is no such file
     */
    public String text(String file) {
        return texts.computeIfAbsent(file, KernelSources::read);
    }

    /**
     * The headers that a kernel file includes, also those that they include.
     *
     * @param file its name, for example {@code pool.cu}
     * @return their names, each once
     * @throws IllegalArgumentException if there is no such file
     */
    public Set<String> headers(String file) {
        Set<String> all = new LinkedHashSet<>();
        addHeaders(file, all);
        return all;
    }

    private void addHeaders(String file, Set<String> all) {
        INCLUDED.matcher(text(file)).results().map(include -> include.group(1)).forEach(header -> {
            if (all.add(header)) {
                addHeaders(header, all);
            }
        });
    }

    /**
     * Whether a kernel records which operator begins: it does if its last parameter is a {@code Mark}.
     *
     * @param file its file
     * @param kernel its name
     * @return true if it has the parameter
     * @throws IllegalArgumentException if there is no such file
     */
    public boolean takesMark(String file, String kernel) {
        return Pattern.compile("LAMELLA_KERNEL[^{}]*\\b" + kernel + "\\([^{}]*\\bMark mark\\b")
                .matcher(text(file))
                .find();
    }

    /**
     * The key of machine code: the SHA-256 of everything that determines it.
     *
     * @param variant file and constants
     * @param architecture for example {@code sm_37}
     * @param version of the compiler; null to leave it out
     * @return 64 hexadecimal digits
     */
    String key(KernelVariant variant, String architecture, @Nullable String version) {
        List<String> parts = new ArrayList<>();
        headers(variant.file()).forEach(header -> parts.add(text(header)));
        parts.addAll(List.of(text(variant.file()), String.join(" ", variant.options()), architecture));
        if (version != null) {
            parts.add(version);
        }
        MessageDigest digest = Sha256.digest();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) ':');
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String read(String file) {
        try (InputStream in = KernelSources.class.getResourceAsStream("/org/lamella/cuda/kernels/" + file)) {
            if (in == null) {
                throw new IllegalArgumentException("there is no kernel file " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read kernel file " + file, e);
        }
    }
}
