package org.lamella.cuda;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A kernel file with the constants it is compiled with, for example {@code convolution_forward.cu} for 5 x 5 filters.
 *
 * @param file name of a file of {@code cuda-kernels}
 * @param constants names and values, in alphabetical order; they become {@code -DNAME=VALUE}
 */
public record KernelVariant(String file, Map<String, Integer> constants) {

    /** Copies and sorts the constants. */
    public KernelVariant {
        constants = Collections.unmodifiableMap(new TreeMap<>(constants));
    }

    /** The options that the constants become. */
    List<String> options() {
        List<String> options = new ArrayList<>();
        constants.forEach((name, value) -> options.add("-D" + name + "=" + value));
        return options;
    }

    @Override
    public String toString() {
        return constants.isEmpty() ? file : file + " " + String.join(" ", options());
    }
}
