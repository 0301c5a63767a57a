package org.lamella.data.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import org.lamella.network.Shape;
import org.lamella.text.Wording;
import org.lamella.work.Work;

/**
 * Reads NumPy arrays (format: NumPy Enhancement Proposal 1). An {@code .npy} file is a matrix, rows x columns, of which
 * some columns are labels, or rows x C x H x W without labels; an {@code .npz} file holds the features as x (also X,
 * features, data; rows x columns, rows x H x W, or rows x C x H x W), the labels as y (also Y, labels, targets; rows x
 * labels, or rows), and maybe ids and label_names.
 */
final class NumpyReader {

    private static final Pattern DESCRIPTION = Pattern.compile("'descr':\\s*'([^']+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([^)]*)\\)");
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** An array, with its bytes as they are in the file. */
    private record NumpyArray(String type, boolean columnsFirst, int[] shape, ByteBuffer bytes) {

        int rows() {
            return shape.length == 0 ? 1 : shape[0];
        }

        int columns() {
            int n = 1;
            for (int i = 1; i < shape.length; i++) {
                n = Math.multiplyExact(n, shape[i]);
            }
            return n;
        }

        /** Element {@code column} of row {@code row}, both counted in C's order. */
        float number(int row, int column) {
            int at = row * columns() + column;
            if (columnsFirst) {
                int rest = at;
                int[] place = new int[shape.length];
                for (int i = shape.length - 1; i >= 0; i--) {
                    place[i] = rest % shape[i];
                    rest /= shape[i];
                }
                at = 0;
                for (int i = shape.length - 1; i >= 0; i--) {
                    at = at * shape[i] + place[i];
                }
            }
            return switch (type.substring(1)) {
                case "f4" -> bytes.getFloat(4 * at);
                case "f8" -> (float) bytes.getDouble(8 * at);
                case "f2" -> half(bytes.getShort(2 * at));
                case "i1" -> bytes.get(at);
                case "u1", "b1" -> bytes.get(at) & 0xff;
                case "i2" -> bytes.getShort(2 * at);
                case "u2" -> bytes.getShort(2 * at) & 0xffff;
                case "i4" -> bytes.getInt(4 * at);
                case "u4" -> bytes.getInt(4 * at) & 0xffffffffL;
                default -> bytes.getLong(8 * at);
            };
        }

        /** Element {@code row} of a list of texts or numbers. */
        String text(int row) {
            if (type.charAt(1) != 'U' && type.charAt(1) != 'S') {
                return Wording.number(number(row, 0));
            }
            int width = Integer.parseInt(type.substring(2));
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < width; i++) {
                int code =
                        type.charAt(1) == 'U' ? bytes.getInt(4 * (row * width + i)) : bytes.get(row * width + i) & 0xff;
                if (code != 0) {
                    text.appendCodePoint(code);
                }
            }
            return text.toString();
        }

        private static float half(short bits) {
            int exponent = bits >> 10 & 0x1f;
            int fraction = bits & 0x3ff;
            float size = exponent == 0
                    ? fraction * 0x1p-24f
                    : exponent == 31
                            ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                            : Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
            return bits < 0 ? -size : size;
        }
    }

    private NumpyReader() {}

    static Table read(Path path, LabelSource labels) throws IOException {
        String file = path.toString();
        if (file.toLowerCase(Locale.ROOT).endsWith(".npy")) {
            try (InputStream in = Work.reading(path)) {
                return table(file, array(file, in.readAllBytes()), null, null, null);
            }
        }
        Map<String, NumpyArray> arrays = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(Work.reading(path))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                zip.transferTo(bytes);
                arrays.put(
                        e.getName().replaceFirst("\\.npy$", ""), array(file + ", " + e.getName(), bytes.toByteArray()));
            }
        }
        NumpyArray x = first(arrays, "x", "X", "features", "data");
        if (x == null) {
            throw new InputException(
                    file + ": no array x (or X, features, data) with the features; there are " + arrays.keySet());
        }
        return table(
                file, x, first(arrays, "y", "Y", "labels", "targets"), arrays.get("ids"), arrays.get("label_names"));
    }

    private static @Nullable NumpyArray first(Map<String, NumpyArray> arrays, String... names) {
        return Arrays.stream(names)
                .map(arrays::get)
                .filter(a -> a != null)
                .findFirst()
                .orElse(null);
    }

    private static NumpyArray array(String where, byte[] all) throws IOException {
        if (all.length < 10 || !Arrays.equals(Arrays.copyOf(all, MAGIC.length), MAGIC)) {
            throw new InputException(where + ": not a NumPy array");
        }
        int start = all[6] == 1 ? 10 : 12;
        ByteBuffer little = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        int length = all[6] == 1 ? little.getShort(8) & 0xffff : little.getInt(8);
        if (length < 0 || start + (long) length > all.length) {
            throw new InputException(where + ": cut short");
        }
        String header = new String(all, start, length, StandardCharsets.UTF_8);
        Matcher description = DESCRIPTION.matcher(header);
        Matcher order = ORDER.matcher(header);
        Matcher shape = SHAPE.matcher(header);
        if (!description.find() || !order.find() || !shape.find()) {
            throw new InputException(where + ": unsupported kind of array: " + Wording.shorten(header.strip()));
        }
        String type = description.group(1);
        if (!type.matches("[<>|=](f[248]|[iu][124]|i8|u8|b1|[US]\\d+)")) {
            throw new InputException(
                    where + ": elements of type " + type + " are not supported; convert them with astype('float32')");
        }
        int[] sizes = Arrays.stream(shape.group(1).split(","))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        long elements = 1;
        for (int s : sizes) {
            elements *= s;
        }
        int width = Integer.parseInt(type.substring(2)) * (type.charAt(1) == 'U' ? 4 : 1);
        if (elements * width != all.length - start - length) {
            throw new InputException(
                    where + ": cut short: " + elements + " elements of " + width + " bytes are declared, "
                            + (all.length - start - length)
                            + " bytes follow");
        }
        ByteBuffer bytes = ByteBuffer.wrap(all, start + length, (int) (elements * width))
                .slice()
                .order(type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        return new NumpyArray(type, order.group(1).equals("True"), sizes, bytes);
    }

    private static void requireRows(String file, NumpyArray x, String name, @Nullable NumpyArray other) {
        if (other != null && other.rows() != x.rows()) {
            throw new InputException(file + ": x has " + x.rows() + " rows, " + name + " " + other.rows());
        }
    }

    private static Table table(
            String file, NumpyArray x, @Nullable NumpyArray y, @Nullable NumpyArray ids, @Nullable NumpyArray names) {
        if (x.shape.length < 2 || x.shape.length > 4 || x.type.charAt(1) == 'U' || x.type.charAt(1) == 'S') {
            throw new InputException(
                    file + ": features are numbers, rows x columns (or x H x W, or x C x H x W); these have the shape "
                            + Arrays.toString(x.shape));
        }
        requireRows(file, x, "y", y);
        requireRows(file, x, "ids", ids);
        int labels = y == null ? 0 : y.columns();
        List<Attribute> attributes = new ArrayList<>();
        if (ids != null) {
            attributes.add(Attribute.open("id"));
        }
        int features = x.columns();
        for (int i = 1; i <= features; i++) {
            attributes.add(Attribute.numeric("feature" + i));
        }
        for (int l = 0; l < labels; l++) {
            attributes.add(Attribute.numeric(names == null ? "label" + (l + 1) : names.text(l)));
        }
        Table table = new Table(file, attributes);
        table.declareLabels(-labels);
        table.declareIdentifier(ids == null ? -1 : 0);
        table.declareShape(
                x.shape.length == 4
                        ? new Shape(x.shape[1], x.shape[2], x.shape[3])
                        : x.shape.length == 3 ? new Shape(1, x.shape[1], x.shape[2]) : null);
        int before = ids == null ? 0 : 1;
        for (int r = 0; r < x.rows(); r++) {
            float[] row = new float[attributes.size()];
            if (ids != null) {
                row[0] = attributes.get(0).code(ids.text(r));
            }
            for (int i = 0; i < features; i++) {
                row[before + i] = x.number(r, i);
            }
            for (int l = 0; y != null && l < labels; l++) {
                row[before + features + l] = y.number(r, l);
            }
            table.add(row, r + 1);
        }
        return table;
    }
}
