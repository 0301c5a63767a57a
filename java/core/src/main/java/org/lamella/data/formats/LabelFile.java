package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.data.InputException;
import org.lamella.data.Wording;

/** Reads labels from a separate file: lines of {@code id TAB label;label}. */
final class LabelFile {

    private LabelFile() {}

    /**
     * The labels of each id.
     *
     * @throws InputException if there is no such file, or a line is not of that form
     */
    static Map<String, List<String>> read(Path file) throws IOException {
        Map<String, List<String>> found = new LinkedHashMap<>();
        long number = 0;
        for (String line : TextFiles.lines(file)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            String[] parts = line.split("\t", -1);
            if (parts.length != 2) {
                throw new InputException(
                        file.toString(),
                        number,
                        "expected 'id TAB label;label', found " + parts.length + " tab-separated part"
                                + (parts.length == 1 ? "" : "s"));
            }
            List<String> names = Arrays.stream(parts[1].split(";"))
                    .map(String::strip)
                    .filter(n -> !n.isEmpty())
                    .toList();
            if (found.put(parts[0].strip(), names) != null) {
                throw new InputException(
                        file.toString(),
                        number,
                        "'" + Wording.shorten(parts[0].strip()) + "' appears for the second time; remove one of "
                                + "the lines");
            }
        }
        return found;
    }
}
