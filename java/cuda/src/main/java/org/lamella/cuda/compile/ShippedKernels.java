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
import org.lamella.cuda.library.BundleFolder;

/**
 * Machine code of kernels that was made beforehand and is only read:
 * {@code sm_37/convolution_forward_KERNEL_H_5-0123456789abcdef.cubin}. A file's name ends in the first half of the
 * SHA-256 of what decides its meaning: texts, constants, architecture; not the compiler's version. {@code SHA256SUMS},
 * as sha256sum writes it, guards all of them: what does not agree with it is not used.
 */
public final class ShippedKernels implements KernelCache.Layer {

    /** The folder, where it does not lie beside the jar's. */
    static final String SETTING = "lamella.kernels";

    static final String SUMS = "SHA256SUMS";
    private static final int KEY_DIGITS = 16;

    private final Path folder;
    private final Map<String, String> sums;
    private final Consumer<String> notes;
    private final KernelSources sources = new KernelSources();

    /**
     * @param folder need not exist
     * @param notes takes a line for each file that is damaged
     */
    public ShippedKernels(Path folder, Consumer<String> notes) {
        this.folder = folder;
        this.notes = notes;
        this.sums = sums(folder, notes);
    }

    /**
     * What this process was started with: a folder that a property names, or one in its bundle.
     *
     * @return null if there is neither
     */
    public static Path defaultFolder() {
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
     * @param sources what it is made of
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
    public byte[] find(KernelVariant variant, String architecture) {
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
     * The architectures of which there are kernels.
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
     * For the maker of a bundle: of every variant and architecture the file, the source and the compiler's options.
     *
     * @param arguments a file of variants (a kernel file and its {@code -DNAME=VALUE} a line), then architectures
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
     * The variants that a file lists.
     *
     * @param list a kernel file and its {@code -DNAME=VALUE} a line; a line that begins with # says nothing
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
