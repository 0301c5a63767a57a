package org.lamella.data.formats;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.rows.PartColumn;
import org.lamella.work.Work;

/**
 * Features and the labels of their rows, written for other programs.
 *
 * @param name of the layer; features are called name_1, name_2, ...
 * @param values rows x features
 * @param rows have the labels and ids
 * @param parts what the model used each row for: training, validation, test, or new; empty for no column
 */
public record FeatureTable(String name, float[][] values, Dataset rows, List<String> parts) {

    private static final Pattern NUMBER = Pattern.compile("(?:label)?(\\d{1,9})");

    /**
     * A table without a column for the parts of rows.
     *
     * @param name of the layer
     * @param values rows x features
     * @param rows have the labels and ids
     */
    public FeatureTable(String name, float[][] values, Dataset rows) {
        this(name, values, rows, List.of());
    }

    /** File formats. */
    public enum Format {
        /** Weka's format, labels last, as Mulan and MEKA read it. */
        ARFF,
        /** A header, the id, features, labels. */
        CSV,
        /** {@code label,label index:value ...}, indices from 1, zeros left out. */
        LIBSVM,
        /** NumPy's array of float32, rows x features. */
        NPY;

        /**
         * The format that the ending of a file's name selects.
         *
         * @param file a name that ends in .arff, .csv, .libsvm or .npy, in lower or upper case
         * @return the format
         * @throws InputException if it has another ending
         */
        public static Format of(Path file) {
            String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
            for (Format f : values()) {
                if (name.endsWith("." + f.name().toLowerCase(Locale.ROOT))) {
                    return f;
                }
            }
            throw new InputException(file + ": the name must end in .arff, .csv, .libsvm or .npy");
        }
    }

    /**
     * The file for the labels of {@code x.npy}: {@code x.labels.npy}.
     *
     * @param npy a name that ends in .npy
     * @return a file in the same folder
     */
    public static Path labelFile(Path npy) {
        String name = npy.getFileName().toString();
        return npy.resolveSibling(name.substring(0, name.length() - 4) + ".labels.npy");
    }

    /**
     * Writes the whole table; the caller replaces files atomically.
     *
     * @param file created, or overwritten if it is there
     * @param format {@code NPY} leaves out labels and ids, see {@link #writeNpyLabels}
     * @throws IOException if the file cannot be written
     */
    public void write(Path file, Format format) throws IOException {
        if (format == Format.LIBSVM) {
            requireKnownTargets(file.toString());
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            write(out, format);
        }
    }

    /**
     * Writes the whole table to a stream.
     *
     * @param out receives it; is flushed, not closed
     * @param format {@code NPY} leaves out labels and ids, see {@link #writeNpyLabels}
     * @throws IOException if it cannot be written
     * @throws InputException if a label is unknown, and the format cannot say it
     */
    public void write(OutputStream out, Format format) throws IOException {
        if (format == Format.LIBSVM) {
            requireKnownTargets(rows.source());
        }
        if (format == Format.NPY) {
            writeNpy(out, values, width());
            return;
        }
        Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        switch (format) {
            case ARFF -> writeArff(text);
            case CSV -> writeCsv(text);
            default -> writeLibsvm(text);
        }
        text.flush();
    }

    private int width() {
        return values.length == 0 ? 0 : values[0].length;
    }

    private void writeArff(Writer out) throws IOException {
        out.write("@relation " + quote(name + " of " + rows.source()) + "\n\n");
        if (!parts.isEmpty()) {
            out.write("@attribute " + PartColumn.NAME + " {" + String.join(",", PartColumn.VALUES) + "}\n");
        }
        for (int i = 1; i <= width(); i++) {
            out.write("@attribute " + quote(name + "_" + i) + " numeric\n");
        }
        for (String label : rows.labels()) {
            out.write("@attribute " + quote(label) + " {0,1}\n");
        }
        out.write("\n@data\n");
        StringBuilder line = new StringBuilder();
        Work work = work();
        for (int r = 0; r < values.length; r++, work.add(1)) {
            line.setLength(0);
            if (!parts.isEmpty()) {
                line.append(parts.get(r)).append(',');
            }
            for (float v : values[r]) {
                line.append(v).append(',');
            }
            for (byte t : rows.targets()[r]) {
                line.append(t < 0 ? "?" : Byte.toString(t)).append(',');
            }
            line.setCharAt(line.length() - 1, '\n');
            out.write(line.toString());
        }
        work.close();
    }

    private Work work() {
        return Work.begin("writing rows", values.length, "row");
    }

    private static String quote(String text) {
        return text.matches("[A-Za-z0-9_.-]+")
                ? text
                : "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private void writeCsv(Writer out) throws IOException {
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out);
        List<String> line = new ArrayList<>(List.of("id"));
        if (!parts.isEmpty()) {
            line.add(PartColumn.NAME);
        }
        for (int i = 1; i <= width(); i++) {
            line.add(name + "_" + i);
        }
        line.addAll(rows.labels());
        csv.writeRecord(line);
        Work work = work();
        for (int r = 0; r < values.length; r++, work.add(1)) {
            line.clear();
            line.add(rows.ids().get(r));
            if (!parts.isEmpty()) {
                line.add(parts.get(r));
            }
            for (float v : values[r]) {
                line.add(Float.toString(v));
            }
            for (byte t : rows.targets()[r]) {
                line.add(t < 0 ? "" : Byte.toString(t));
            }
            csv.writeRecord(line);
        }
        work.close();
        csv.flush();
    }

    /**
     * The numbers of the labels in LIBSVM's format: those of a file of that format, whose labels are called
     * {@code label3} or {@code 3}; else 1, 2, ... in the order of the labels.
     *
     * @return one per label
     */
    public List<Integer> labelNumbers() {
        List<Integer> numbers = rows.labels().stream()
                .map(NUMBER::matcher)
                .filter(Matcher::matches)
                .map(m -> Integer.valueOf(m.group(1)))
                .distinct()
                .toList();
        return numbers.size() == rows.labels().size()
                ? numbers
                : IntStream.rangeClosed(1, rows.labels().size()).boxed().toList();
    }

    private void requireKnownTargets(String file) {
        for (byte[] targets : rows.targets()) {
            for (byte t : targets) {
                if (t < 0) {
                    throw new InputException(
                            file + ": LIBSVM's format cannot say that a label is unknown, and some are; name a .csv "
                                    + "or .arff file");
                }
            }
        }
    }

    private void writeLibsvm(Writer out) throws IOException {
        List<Integer> numbers = labelNumbers();
        StringBuilder line = new StringBuilder();
        Work work = work();
        for (int r = 0; r < values.length; r++, work.add(1)) {
            line.setLength(0);
            byte[] targets = rows.targets()[r];
            for (int l = 0; l < targets.length; l++) {
                if (targets[l] == 1) {
                    line.append(line.length() == 0 ? "" : ",").append(numbers.get(l));
                }
            }
            for (int i = 0; i < width(); i++) {
                if (values[r][i] != 0) {
                    line.append(' ').append(i + 1).append(':').append(values[r][i]);
                }
            }
            out.write(line.append('\n').toString());
        }
        work.close();
    }

    /**
     * Writes the labels as float32, rows x labels, NaN where missing.
     *
     * @param file created, or overwritten if it is there
     * @throws IOException if the file cannot be written
     */
    public void writeNpyLabels(Path file) throws IOException {
        float[][] labels = new float[values.length][rows.labels().size()];
        for (int r = 0; r < labels.length; r++) {
            for (int l = 0; l < labels[r].length; l++) {
                byte t = rows.targets()[r][l];
                labels[r][l] = t < 0 ? Float.NaN : t;
            }
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            writeNpy(out, labels, rows.labels().size());
        }
    }

    /** NumPy's format 1.0 (NEP 1): magic, header length, a Python dictionary padded to 64 bytes, the data. */
    private static void writeNpy(OutputStream out, float[][] values, int width) throws IOException {
        StringBuilder header = new StringBuilder(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (" + values.length + ", " + width + "), }");
        while ((10 + header.length() + 1) % 64 != 0) {
            header.append(' ');
        }
        header.append('\n');
        ByteBuffer head = ByteBuffer.allocate(10 + header.length())
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) header.length())
                .put(header.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(head.array());
        ByteBuffer line = ByteBuffer.allocate(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : values) {
            line.asFloatBuffer().put(row);
            out.write(line.array());
        }

        out.flush();
    }
}
