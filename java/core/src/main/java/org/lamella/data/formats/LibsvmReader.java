package org.lamella.data.formats;

import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import org.lamella.text.Wording;

/**
 * Reads LIBSVM's multi-label format: {@code label,label index:value index:value ...}, labels whole numbers or none,
 * indices whole numbers; absent features are 0. A first line of three numbers (rows, features, labels), which some
 * collections have, is skipped, as is text after a {@code #}. Where every line has 1 or -1, there is one label, label1.
 * Columns are feature0 ... and label0 ... by their numbers.
 */
final class LibsvmReader {

    private static final int MAX_FEATURES = 10_000_000;

    /** The content of a line and its number. */
    private record Entry(long line, int[] labels, int[] indices, float[] values) {}

    private LibsvmReader() {}

    static Table read(Path path, LabelSource source) throws IOException {
        String file = path.toString();
        List<Entry> entries = new ArrayList<>();
        TreeSet<Integer> labels = new TreeSet<>();
        int first = Integer.MAX_VALUE;
        int last = -1;
        try (BufferedReader in = TextFiles.open(path)) {
            long number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                int comment = line.indexOf('#');
                String text = (comment < 0 ? line : line.substring(0, comment)).stripTrailing();
                if (text.isBlank() || (number == 1 && text.matches("\\d+ \\d+ \\d+"))) {
                    continue;
                }
                Entry e = entry(file, number, text);
                for (int i : e.indices) {
                    first = Math.min(first, i);
                    last = Math.max(last, i);
                }
                for (int l : e.labels) {
                    labels.add(l);
                }
                entries.add(e);
            }
        }
        return table(file, entries, labels, first == Integer.MAX_VALUE ? 0 : Math.min(first, 1), last);
    }

    private static Entry entry(String file, long line, String text) {
        String[] parts = text.split("\\s+");
        boolean none = parts[0].isEmpty()
                || parts[0].indexOf(':') >= 0; // a line without labels begins with a blank, or with a feature
        int from = parts[0].indexOf(':') >= 0 ? 0 : 1;
        String[] names = none ? new String[0] : parts[0].split(",");
        int[] labels = new int[names.length];
        int[] indices = new int[parts.length - from];
        float[] values = new float[indices.length];
        try {
            for (int l = 0; l < labels.length; l++) {
                double label = Double.parseDouble(names[l]);
                labels[l] = (int) label;
                if (label != labels[l]) {
                    throw new NumberFormatException();
                }
            }
        } catch (NumberFormatException e) {
            throw new InputException(
                    file,
                    line,
                    "'" + Wording.shorten(parts[0]) + "': labels are whole numbers, separated by " + "commas",
                    e);
        }
        for (int i = 0; i < indices.length; i++) {
            String part = parts[from + i];
            int colon = part.indexOf(':');
            try {
                indices[i] = Integer.parseInt(part.substring(0, Math.max(colon, 0)));
                values[i] = JavaFloatParser.parseFloat(part, colon + 1, part.length() - colon - 1);
            } catch (NumberFormatException e) {
                throw new InputException(file, line, "'" + Wording.shorten(part) + "' is not index:value", e);
            }
            if (indices[i] < 0 || indices[i] > MAX_FEATURES || !Float.isFinite(values[i])) {
                throw new InputException(
                        file,
                        line,
                        "'" + Wording.shorten(part) + "': indices are 0 to " + MAX_FEATURES
                                + ", values finite numbers");
            }
        }
        refuseTwice(file, line, "label", labels);
        refuseTwice(file, line, "index", indices);
        return new Entry(line, labels, indices, values);
    }

    private static void refuseTwice(String file, long line, String what, int[] numbers) {
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                throw new InputException(file, line, what + " " + sorted[i] + " is there twice; remove one");
            }
        }
    }

    /** Whether each row has 1 or -1, as files of two classes do. */
    private static boolean areSigns(List<Entry> entries, Set<Integer> labels) {
        return labels.contains(-1)
                && Set.of(1, -1).containsAll(labels)
                && entries.stream().allMatch(e -> e.labels.length == 1);
    }

    private static Table table(String file, List<Entry> entries, Set<Integer> labels, int first, int last) {
        List<Attribute> attributes = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            attributes.add(Attribute.numeric("feature" + i));
        }
        int features = attributes.size();
        boolean signs = areSigns(entries, labels);
        List<Integer> names = signs ? List.of(1) : List.copyOf(labels);
        names.forEach(l -> attributes.add(Attribute.numeric("label" + l)));
        Table table = new Table(file, attributes);
        table.declareLabels(-names.size());
        table.declareSparse();
        if (signs) {
            table.guess("1 and -1 are one label, label1: -1 says that a row does not have it");
        }
        for (int r = 0; r < entries.size(); r++) {
            Entry e = entries.get(r);
            float[] row = new float[attributes.size()];
            for (int i = 0; i < e.indices.length; i++) {
                row[e.indices[i] - first] = e.values[i];
            }
            for (int l : e.labels) {
                if (!signs || l == 1) {
                    row[features + names.indexOf(l)] = 1;
                }
            }
            table.add(row, e.line);
            entries.set(r, null);
        }
        return table;
    }
}
