package org.lamella.bench.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What must be the same for a result to be that of a run: neither the machine nor the number of threads changes it.
 *
 * @param effort of the training; null for its default
 * @param split which rows are held out
 * @param files length and checksum of every file of the data set
 */
public record RunIdentity(@Nullable String effort, String split, Map<String, String> files) {

    /** The identity of a run of a data set. */
    static RunIdentity of(QualitySet set, int number, Path folder, @Nullable String effort) throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (Path file : set.files(folder)) {
            byte[] bytes = Files.readAllBytes(file);
            CRC32 sum = new CRC32();
            sum.update(bytes);
            files.put(folder.relativize(file).toString(), bytes.length + " bytes, " + Long.toHexString(sum.getValue()));
        }
        return new RunIdentity(effort, set.split(number), files);
    }

    /** In what two runs differ first, in a few words; null if they are the same. */
    @Nullable
    String difference(RunIdentity other) {
        if (!String.valueOf(effort).equals(String.valueOf(other.effort))) {
            return "another effort (" + words(other.effort) + ", not " + words(effort) + ")";
        }
        return !split.equals(other.split)
                ? "another division of the rows (" + other.split + ", not " + split + ")"
                : files.equals(other.files) ? null : "other data";
    }

    private static String words(@Nullable String effort) {
        return effort == null ? "the default" : effort;
    }
}
