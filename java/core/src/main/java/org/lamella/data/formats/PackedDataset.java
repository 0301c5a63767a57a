package org.lamella.data.formats;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.Schema;
import org.lamella.data.rows.RowNumbers;
import org.lamella.json.Json;
import org.lamella.network.Shape;
import org.lamella.work.Work;

/**
 * A dataset in a {@code .lamella} file, in the layout that it has in memory: reading it again costs no more than a
 * copy. Little endian: eight bytes {@code LAMELLA1}, the length of a JSON header as a long, the header; then all
 * features as floats, row by row, all targets as bytes, lengths of sequences as ints if there are any, and names of
 * rows as lengths and UTF-8.
 */
public final class PackedDataset {

    static final byte[] MAGIC = "LAMELLA1".getBytes(StandardCharsets.US_ASCII);
    private static final String ENDING = ".lamella";
    /** Name and ending, for help and messages. */
    static final String FORMAT = "packed (" + ENDING + ")";

    private static final ObjectMapper JSON = Json.mapper();
    /** Bytes of a file that are mapped at a time. */
    private static final long WINDOW = 1L << 28;

    private static final int MAX_NAME_BYTES = 1 << 20;

    /** The JSON header. */
    record Header(
            String source,
            List<FeatureColumn> columns,
            List<String> labels,
            int rows,
            int width,
            @Nullable Shape shape,
            boolean lengths,
            boolean ids,
            @Nullable Schema schema) {}

    private PackedDataset() {}

    /**
     * Whether a name is that of a packed dataset.
     *
     * @param name of a file, with or without its folder
     * @return true if it ends in {@code .lamella}, in lower or upper case
     */
    public static boolean reads(String name) {
        return name.toLowerCase(Locale.ROOT).endsWith(ENDING);
    }

    /**
     * Writes a dataset; not atomically.
     *
     * @param data any dataset
     * @param file created, or overwritten if it is there
     * @throws IOException if the file cannot be written
     */
    public static void write(Dataset data, Path file) throws IOException {
        boolean named = !(data.ids() instanceof RowNumbers);
        byte[] header = JSON.writeValueAsBytes(new Header(
                data.source(),
                data.columns(),
                data.labels(),
                data.size(),
                data.width(),
                data.shape(),
                data.lengths() != null,
                named,
                data.schema()));
        try (Work work = Work.begin("writing the packed rows", data.size(), "row");
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20))) {
            out.write(MAGIC);
            out.writeLong(Long.reverseBytes(header.length));
            out.write(header);
            ByteBuffer row =
                    ByteBuffer.allocate(Math.max(1, data.width()) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (float[] features : data.features()) {
                row.clear().asFloatBuffer().put(features);
                out.write(row.array(), 0, features.length * Float.BYTES);
                work.add(1);
            }
            for (byte[] targets : data.targets()) {
                out.write(targets);
            }
            for (int i = 0; data.lengths() != null && i < data.size(); i++) {
                out.writeInt(Integer.reverseBytes(data.lengths()[i]));
            }
            for (int i = 0; named && i < data.size(); i++) {
                byte[] name = data.ids().get(i).getBytes(StandardCharsets.UTF_8);
                out.writeInt(Integer.reverseBytes(name.length));
                out.write(name);
            }
        }
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param file a packed dataset
     * @return the dataset, in memory
     * @throws InputException if the file is missing, damaged or cut short
     */
    public static Dataset read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Mapped in = new Mapped(channel);
            byte[] magic = new byte[MAGIC.length];
            in.bytes(magic);
            if (!java.util.Arrays.equals(magic, MAGIC)) {
                throw new InputException(file + ": not a packed dataset of this version; pack it again");
            }
            long length = in.whole();
            if (length < 2 || length > channel.size() || length > Integer.MAX_VALUE - 16) {
                throw new InputException(file + ": damaged: a header of " + length + " bytes");
            }
            byte[] text = new byte[(int) length];
            in.bytes(text);
            Header header = JSON.readValue(text, Header.class);
            long least = (long) header.rows * ((long) header.width * Float.BYTES + header.labels.size());
            int width = header.columns.stream().mapToInt(FeatureColumn::width).sum();
            if (header.rows < 0 || header.width != width || least > channel.size()) {
                throw new InputException(file + ": cut short or damaged: " + header.rows + " rows of " + header.width
                        + " features do not fit it");
            }
            return body(in, header);
        } catch (JsonProcessingException | IllegalArgumentException | java.nio.BufferUnderflowException e) {
            throw new InputException(
                    file + ": damaged: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("it ends early"),
                    e);
        } catch (IOException e) {
            throw new InputException(
                    file + (Files.exists(file) ? ": cannot be read: " + e.getMessage() : ": no such file"), e);
        }
    }

    /**
     * Reads a file for a model. The file is already encoded: its columns must be those of the model.
     *
     * @param file what {@link #write} wrote
     * @param columns the feature columns of the model, with their encodings
     * @param labels the model's labels
     * @param labelsNeeded whether the labels must be those of the model
     * @return the data; without labels if the labels differ
     * @throws InputException if it is damaged, or its columns or labels are not the model's
     */
    public static Dataset read(Path file, List<FeatureColumn> columns, List<String> labels, boolean labelsNeeded) {
        Dataset data = read(file);
        if (!data.columns().equals(columns)) {
            throw new InputException(file
                    + ": its columns are not those that the model was trained on, or have another encoding; use "
                    + "the file that it was packed from");
        }
        boolean same = data.labels().equals(labels);
        if (labelsNeeded && !same) {
            throw new InputException(file + ": its labels are not the model's, " + String.join(", ", labels));
        }
        return same ? data : data.withoutLabels();
    }

    private static Dataset body(Mapped in, Header header) throws IOException {
        float[][] features = new float[header.rows][header.width];
        try (Work work = Work.begin("reading the packed rows", header.rows, "row")) {
            for (float[] row : features) {
                in.floats(row);
                work.add(1);
            }
        }
        byte[][] targets = new byte[header.rows][header.labels.size()];
        for (byte[] row : targets) {
            in.bytes(row);
        }
        int[] lengths = header.lengths ? new int[header.rows] : null;
        for (int i = 0; lengths != null && i < header.rows; i++) {
            lengths[i] = in.integer();
        }
        List<String> ids = header.ids ? new ArrayList<>(header.rows) : new RowNumbers(header.rows);
        for (int i = 0; header.ids && i < header.rows; i++) {
            int length = in.integer();
            if (length < 0 || length > MAX_NAME_BYTES) {
                throw new IllegalArgumentException("a row's name of " + length + " bytes");
            }
            byte[] name = new byte[length];
            in.bytes(name);
            ids.add(new String(name, StandardCharsets.UTF_8));
        }
        return new Dataset(
                header.source,
                header.columns,
                header.labels,
                features,
                targets,
                ids,
                lengths,
                header.shape,
                List.of(),
                header.schema);
    }

    /** A file through mapped windows, one after the other. */
    private static final class Mapped {

        private final FileChannel channel;
        private long next;
        private ByteBuffer window = ByteBuffer.allocate(0);

        Mapped(FileChannel channel) {
            this.channel = channel;
        }

        /** The window from here on, with {@code needed} bytes at least. */
        private ByteBuffer with(int needed) throws IOException {
            if (window.remaining() < needed) {
                long from = next - window.remaining();
                long size = Math.min(Math.max(WINDOW, needed), channel.size() - from);
                if (size < needed) {
                    throw new IllegalArgumentException("it ends early");
                }
                window = channel.map(FileChannel.MapMode.READ_ONLY, from, size).order(ByteOrder.LITTLE_ENDIAN);
                next = from + size;
            }
            return window;
        }

        void bytes(byte[] to) throws IOException {
            with(to.length).get(to);
        }

        int integer() throws IOException {
            return with(Integer.BYTES).getInt();
        }

        long whole() throws IOException {
            return with(Long.BYTES).getLong();
        }

        void floats(float[] to) throws IOException {
            ByteBuffer from = with(to.length * Float.BYTES);
            FloatBuffer values = from.slice(from.position(), to.length * Float.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            values.get(to);
            from.position(from.position() + to.length * Float.BYTES);
        }
    }
}
