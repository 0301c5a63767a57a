package org.lamella.cli.stream;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Formats of single data files, as --format takes them. */
public enum DataFormat {
    /** Sequences. */
    FASTA,
    /** Weka's and MEKA's format. */
    ARFF,
    /** A table with commas. */
    CSV,
    /** A table with tabs. */
    TSV,
    /** A sparse table. */
    LIBSVM,
    /** NumPy's array. */
    NPY,
    /** Several arrays of NumPy. */
    NPZ,
    /** What pack writes. */
    LAMELLA;

    /** {@return the ending of its files, with its point} */
    public String ending() {
        return "." + name().toLowerCase(Locale.ROOT);
    }

    /** {@return its name in messages} */
    public String text() {
        return this == LAMELLA ? "a packed file" : name();
    }

    /** {@return all names, for messages} */
    public static String all() {
        return Arrays.stream(values())
                .map(f -> f.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    static DataFormat of(String ending) {
        return valueOf(ending.substring(1).toUpperCase(Locale.ROOT));
    }

    /**
     * The format that a name tells by one of these endings, possibly with that of a compression behind it.
     *
     * @param file the file
     * @return the format; null if there is no such ending
     */
    static @Nullable DataFormat of(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
        return Arrays.stream(values())
                .filter(f -> name.endsWith(f.ending()))
                .findFirst()
                .orElse(null);
    }
}
