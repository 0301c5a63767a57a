package org.lamella.cuda.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A kernel file with the constants of its compilation, for example {@code convolution_forward.cu} for 5 x 5 filters.
 *
 * @param file name of a file of {@code cuda-kernels}
 * @param constants names and values, in alphabetical order; they become {@code -DNAME=VALUE}
 */
public record KernelVariant(String file, Map<String, Integer> constants) {

    /** Copies and sorts the constants. */
    public KernelVariant {
        constants = Collections.unmodifiableMap(new TreeMap<>(constants));
    }

    /**
     * The compiler's options, without the architecture: the sizes on which Java and the file agree, and the constants,
     * which take precedence.
     *
     * @return {@code -DNAME=VALUE} for each, in alphabetical order
     */
    List<String> options() {
        Map<String, Integer> all = new TreeMap<>(KernelSizes.of(file));
        all.putAll(constants);
        return options(all);
    }

    /**
     * The options of NVRTC and nvcc.
     *
     * @param architecture for example {@code sm_37}
     * @return architecture, language, constants
     */
    List<String> options(String architecture) {
        List<String> options = new ArrayList<>(List.of("--gpu-architecture=" + architecture, "--std=c++14"));
        options.addAll(options());
        return options;
    }

    private static List<String> options(Map<String, Integer> constants) {
        List<String> options = new ArrayList<>();
        constants.forEach((name, value) -> options.add("-D" + name + "=" + value));
        return options;
    }

    /** The file, and the constants that make this variant of it. */
    @Override
    public String toString() {
        return constants.isEmpty() ? file : file + " " + String.join(" ", options(constants));
    }
}
