package org.lamella.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lamella.data.InputException;
import org.lamella.json.Json;

/**
 * The safetensors format (Hugging Face): 8 bytes of header length, little-endian; a JSON header with type, shape and
 * byte range of every tensor; then the data. Only F32 is written and read.
 *
 * @param tensors by name
 * @param metadata texts by name
 */
public record Safetensors(Map<String, Entry> tensors, Map<String, String> metadata) {

    private static final ObjectMapper JSON = Json.mapper();
    private static final int BLOCK_FLOATS = 1 << 18;

    /**
     * A tensor.
     *
     * @param shape dimensions, outermost first
     * @param data values, row by row
     */
    public record Entry(int[] shape, float[] data) {}

    /**
     * Writes the file; the caller replaces it atomically ({@link org.lamella.file.AtomicFiles}).
     *
     * @param path created, or overwritten if it is there
     * @throws IOException if it cannot be written
     */
    public void write(Path path) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode texts = header.putObject("__metadata__");
        metadata.forEach(texts::put);
        long end = 0;
        for (Map.Entry<String, Entry> e : tensors.entrySet()) {
            ObjectNode node = header.putObject(e.getKey());
            node.put("dtype", "F32");
            var shape = node.putArray("shape");
            for (int d : e.getValue().shape()) {
                shape.add(d);
            }
            long bytes = (long) e.getValue().data().length * Float.BYTES;
            node.putArray("data_offsets").add(end).add(end + bytes);
            end += bytes;
        }
        byte[] text = JSON.writeValueAsBytes(header);
        int padded = (text.length + 7) / 8 * 8; // data starts aligned; spaces may follow the header
        ByteBuffer head = ByteBuffer.allocate(8 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        try (FileChannel out = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writeAll(out, head.flip());
            ByteBuffer block =
                    ByteBuffer.allocateDirect(BLOCK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (Entry e : tensors.values()) {
                for (int i = 0; i < e.data().length; i += BLOCK_FLOATS) {
                    int n = Math.min(BLOCK_FLOATS, e.data().length - i);
                    block.clear();
                    block.asFloatBuffer().put(e.data(), i, n);
                    writeAll(out, block.limit(n * Float.BYTES));
                }
            }
        }
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /**
     * Reads a whole file into memory.
     *
     * @param path a file with F32 tensors only
     * @return its tensors and texts, in the order of the header
     * @throws InputException if it is missing, truncated, or not a safetensors file
     */
    public static Safetensors read(Path path) {
        try (FileChannel in = FileChannel.open(path, StandardOpenOption.READ)) {
            long length = readAll(in, 8, 0, path).getLong();
            if (length < 2 || length > in.size() - 8 || length > 100_000_000) {
                throw new InputException(path + ": not a safetensors file, or cut short");
            }
            JsonNode header = JSON.readTree(readAll(in, (int) length, 8, path).array());
            Map<String, Entry> tensors = new LinkedHashMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> e : header.properties()) {
                if (e.getKey().equals("__metadata__")) {
                    e.getValue()
                            .properties()
                            .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
                } else {
                    tensors.put(e.getKey(), entry(in, e.getKey(), e.getValue(), 8 + length, path));
                }
            }
            return new Safetensors(tensors, metadata);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new InputException(path + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static Entry entry(FileChannel in, String name, JsonNode node, long start, Path path) throws IOException {
        if (!node.path("dtype").asText().equals("F32")) {
            throw new InputException(
                    path + ": tensor " + name + " is " + node.path("dtype").asText() + "; only F32 is read");
        }
        int[] shape = new int[node.path("shape").size()];
        long count = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = node.path("shape").get(i).asInt();
            count *= shape[i];
        }
        long first = node.path("data_offsets").path(0).asLong(-1);
        long last = node.path("data_offsets").path(1).asLong(-1);
        if (first < 0 || last - first != count * Float.BYTES || start + last > in.size()) {
            throw new InputException(path + ": tensor " + name + " is not whole; the file is cut short or damaged");
        }
        float[] data = new float[Math.toIntExact(count)];
        for (int i = 0; i < data.length; i += BLOCK_FLOATS) {
            int n = Math.min(BLOCK_FLOATS, data.length - i);
            readAll(in, n * Float.BYTES, start + first + (long) i * Float.BYTES, path)
                    .asFloatBuffer()
                    .get(data, i, n);
        }
        return new Entry(shape, data);
    }

    private static ByteBuffer readAll(FileChannel in, int bytes, long at, Path path) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (in.read(buffer, at + buffer.position()) < 0) {
                throw new InputException(path + ": cut short");
            }
        }
        return buffer.flip();
    }

    /**
     * The values of a tensor.
     *
     * @param name as in the file
     * @return the values, row by row; not copied
     * @throws InputException if there is none of that name
     */
    public float[] values(String name) {
        Entry entry = tensors.get(name);
        if (entry == null) {
            throw new InputException("tensor '" + name + "' is missing");
        }
        return entry.data();
    }

    /**
     * Tests whether there is a file.
     *
     * @param path where to look
     * @return true for a regular file; its content is not read
     */
    public static boolean exists(Path path) {
        return Files.isRegularFile(path);
    }
}
