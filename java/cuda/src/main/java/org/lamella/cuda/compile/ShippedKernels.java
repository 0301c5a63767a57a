package org.lamella.cuda.compile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.library.BundleFolder;

/**
 * Read-only machine code of kernels, compiled in advance:
 * {@code sm_37/convolution_forward_KERNEL_H_5-0123456789abcdef.cubin}. A file's name ends in the first 16 digits of the
 * SHA-256 of texts, constants and architecture, without the compiler's version. {@code SHA256SUMS}, in the format of
 * sha256sum, has the checksums of all files: a file with a wrong checksum is not used.
 */
public final class ShippedKernels implements KernelCache.Layer {

    /** The property that names another folder than that of the bundle. */
    static final String SETTING = "lamella.kernels";

    static final String SUMS = "SHA256SUMS";
    private static final int KEY_DIGITS = 16;

    private final Path folder;
    private final Map<String, String> sums;
    private final Consumer<String> notes;
    private final KernelSources sources = new KernelSources();

    /**
     * @param folder need not exist
     * @param notes takes a line for each damaged file
     */
    public ShippedKernels(Path folder, Consumer<String> notes) {
        this.folder = folder;
        this.notes = notes;
        this.sums = sums(folder, notes);
    }

    /**
     * The folder of this process: the one that the property names, else the one in its bundle.
     *
     * @return null if there is neither
     */
    public static @Nullable Path defaultFolder() {
        String named = System.getProperty(SETTING);
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        Path bundle = BundleFolder.find();
        return bundle == null ? null : bundle.resolve("kernels");
    }

    private static Map<String, String> sums(Path folder, Consumer<String> notes) {
        Map<String, String> sums = new HashMap<>();
        try {
            for (String line : Files.readAllLines(folder.resolve(SUMS))) {
                String[] parts = line.split(" [ *]", 2);
                if (parts.length == 2) {
                    sums.put(parts[1].replaceFirst("^\\./", ""), parts[0]);
                }
            }
        } catch (NoSuchFileException e) {
            notes.accept("no shipped kernels in " + folder + ": " + SUMS + " is missing; unpack the bundle again");
        } catch (IOException e) {
            notes.accept("no shipped kernels in " + folder + ": " + e);
        }
        return sums;
    }

    /**
     * The name of a variant's file for an architecture.
     *
     * @param sources the texts of the kernels
     * @param variant file and constants
     * @param architecture for example {@code sm_37}
     * @return a path below the folder
     */
    static String file(KernelSources sources, KernelVariant variant, String architecture) {
        StringBuilder name = new StringBuilder(variant.file().replaceFirst("\\.cu$", ""));
        variant.constants()
                .forEach((constant, value) ->
                        name.append('_').append(constant).append('_').append(value));
        String key = sources.key(variant, architecture, null).substring(0, KEY_DIGITS);
        return architecture + "/" + name + "-" + key + ".cubin";
    }

    @Override
    public byte @Nullable [] find(KernelVariant variant, String architecture) {
        String name = file(sources, variant, architecture);
        Path file = folder.resolve(name);
        String sum = sums.get(name);
        if (sum == null) {
            return null;
        }
        try {
            byte[] code = Files.readAllBytes(file);
            if (Sha256.hex(code).equals(sum)) {
                return code;
            }
            notes.accept(file + " is damaged (it does not agree with " + SUMS
                    + ") and is not used; unpack the bundle again");
        } catch (IOException e) {
            notes.accept(file + " cannot be read and is not used (" + e + "); unpack the bundle again");
        }
        return null;
    }

    /**
     * The architectures with shipped kernels.
     *
     * @return for example {@code sm_37}, from old to new; none if there is no folder
     */
    public List<String> architectures() {
        return sums.keySet().stream()
                .map(name -> name.replaceFirst("/.*", ""))
                .distinct()
                .sorted(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /**
     * For building a bundle: prints file, source and compiler options of every variant and architecture.
     *
     * @param arguments a file of variants (per line a kernel file and its {@code -DNAME=VALUE}), then architectures
     * @throws IOException if the file of variants cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        KernelSources sources = new KernelSources();
        for (KernelVariant variant : variants(Path.of(arguments[0]))) {
            Stream.of(arguments)
                    .skip(1)
                    .forEach(architecture -> System.out.println(file(sources, variant, architecture) + " "
                            + variant.file() + " "
                            + String.join(" ", variant.options(architecture))));
        }
    }

    /**
     * Reads a list of variants.
     *
     * @param list per line a kernel file and its {@code -DNAME=VALUE}; lines that begin with # are comments
     * @return in the file's order
     * @throws IOException if it cannot be read
     */
    public static List<KernelVariant> variants(Path list) throws IOException {
        List<KernelVariant> variants = new ArrayList<>();
        for (String line : Files.readAllLines(list, StandardCharsets.UTF_8)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.strip().split("\\s+");
                Map<String, Integer> constants = new HashMap<>();
                Stream.of(words).skip(1).forEach(word -> {
                    String[] parts = word.substring("-D".length()).split("=", 2);
                    constants.put(parts[0], Integer.parseInt(parts[1]));
                });
                variants.add(new KernelVariant(words[0], constants));
            }
        }
        return variants;
    }
}
