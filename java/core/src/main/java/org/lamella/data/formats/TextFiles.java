package org.lamella.data.formats;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.NullMarked;
import org.lamella.data.InputException;
import org.lamella.work.Work;

/**
 * Opens text files: plain, gzip or Zstandard, recognized by their first bytes; UTF-8, or UTF-16 with a byte order mark.
 * The mark itself is never part of the text. What is no text in these encodings is refused with its line.
 */
@NullMarked
public final class TextFiles {

    /** Endings of compressed files, behind the ending of the format. */
    static final List<String> COMPRESSED = List.of(".gz", ".zst");

    private static final int HEAD = 4096;

    private TextFiles() {}

    /**
     * Opens a file for reading.
     *
     * @param file a regular file
     * @return a reader that throws {@link InputException} where the file is no text or not whole
     * @throws IOException if the file cannot be opened
     * @throws InputException if there is no such file, or its first bytes show that it is no text
     */
    public static BufferedReader open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + (Files.isDirectory(file) ? ": a folder, not a file" : ": no such file"));
        }
        InputStream bytes = decompressed(file);
        try {
            Charset charset = charset(file, bytes);
            CharsetDecoder decoder = charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
            return new BufferedReader(new InputStreamReader(new WholeStream(file, bytes), decoder) {
                @Override
                public int read(char[] buffer, int offset, int length) throws IOException {
                    try {
                        return super.read(buffer, offset, length);
                    } catch (java.nio.charset.CharacterCodingException e) {
                        throw notText(file, charset);
                    }
                }
            });
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    /**
     * All lines of a file.
     *
     * @param file a regular file
     * @return its lines, without their ends
     * @throws IOException if the file cannot be read
     * @throws InputException if there is no such file, or it is no text
     */
    public static List<String> lines(Path file) throws IOException {
        try (BufferedReader reader = open(file)) {
            return reader.lines().toList();
        }
    }

    /** The name without the ending of a compression. */
    static String withoutCompression(String name) {
        for (String ending : COMPRESSED) {
            if (name.endsWith(ending)) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return name;
    }

    private static InputStream decompressed(Path file) throws IOException {
        BufferedInputStream bytes = new BufferedInputStream(Work.reading(file), 1 << 16);
        try {
            byte[] head = head(bytes, 4);
            if (startsWith(head, 0x1f, 0x8b)) {
                return new BufferedInputStream(new GZIPInputStream(bytes, 1 << 16), 1 << 16);
            }
            if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) {
                return new BufferedInputStream(new ZstdInputStream(bytes).setContinuous(false), 1 << 16);
            }
            String name = file.getFileName().toString();
            if (head.length > 0 && !withoutCompression(name).equals(name)) {
                throw new InputException(file + ": its name says that it is compressed, but its content is neither gzip"
                        + " nor Zstandard; was the download cut short, or is it plain text? Then rename it");
            }
            return bytes;
        } catch (IOException e) {
            bytes.close();
            throw new InputException(file + ": not a whole compressed file: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    /** Reads over a byte order mark. */
    private static Charset charset(Path file, InputStream bytes) throws IOException {
        byte[] head;
        try {
            head = head(bytes, HEAD);
        } catch (IOException e) {
            throw new InputException(file + ": not a whole compressed file: " + e.getMessage(), e);
        }
        if (startsWith(head, 0xef, 0xbb, 0xbf)) {
            bytes.skipNBytes(3);
            return StandardCharsets.UTF_8;
        }
        if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) {
            bytes.skipNBytes(2);
            return startsWith(head, 0xff, 0xfe) ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
        }
        for (byte b : head) {
            if (b == 0) {
                throw new InputException(
                        file + ": contains zero bytes, so it is a binary file, or UTF-16 text without a"
                                + " byte order mark; save it as UTF-8 text");
            }
        }
        return StandardCharsets.UTF_8;
    }

    private static byte[] head(InputStream bytes, int length) throws IOException {
        bytes.mark(length);
        byte[] head = bytes.readNBytes(length);
        bytes.reset();
        return head;
    }

    private static boolean startsWith(byte[] head, int... wanted) {
        if (head.length < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if ((head[i] & 0xff) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** Reads the file once more, to say on which line the first byte is that belongs to no character. */
    private static InputException notText(Path file, Charset charset) throws IOException {
        try (InputStream bytes = decompressed(file)) {
            charset(file, bytes);
            CharsetDecoder decoder = charset.newDecoder();
            ByteBuffer in = ByteBuffer.allocate(1 << 16);
            CharBuffer out = CharBuffer.allocate(1 << 16);
            long line = 1;
            boolean end = false;
            while (!end) {
                int read = bytes.read(in.array(), in.position(), in.remaining());
                end = read < 0;
                in.position(in.position() + Math.max(read, 0)).flip();
                CoderResult result = decoder.decode(in, out, end);
                out.flip();
                line += out.chars().filter(c -> c == '\n').count();
                out.clear();
                if (result.isError()) {
                    return new InputException(
                            file.toString(),
                            line,
                            String.format("not %s text: byte 0x%02X", charset, in.get(in.position()))
                                    + (charset.equals(StandardCharsets.UTF_8)
                                            ? "; if it is Latin-1 (older Windows programs), convert it: iconv -f"
                                                    + " WINDOWS-1252 -t UTF-8 " + file.getFileName() + " > NEW"
                                            : "; save the file as UTF-8"));
                }
                in.compact();
            }
            return new InputException(file + ": the last character is cut short; save the file as UTF-8 text");
        }
    }

    /** Says which file it is where a compressed one is damaged. */
    private static final class WholeStream extends java.io.FilterInputStream {
        private final Path file;

        WholeStream(Path file, InputStream bytes) {
            super(bytes);
            this.file = file;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return super.read(buffer, offset, length);
            } catch (java.io.EOFException | java.util.zip.ZipException e) {
                throw new InputException(file + ": not a whole compressed file: " + e.getMessage(), e);
            } catch (IOException e) {
                throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
            }
        }
    }
}
