package org.lamella.data.formats;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.Wording;

/** The records of a FASTA file, plain or gzip, wrapped lines or not. */
public final class FastaRecords {

    /** Receives each record. */
    public interface Receiver {
        /**
         * One record.
         *
         * @param line number of the header's, from 1
         * @param header without the {@code >} and without white space around it
         * @param sequence never empty
         */
        void record(long line, String header, String sequence);
    }

    private final Path file;
    private final Receiver receiver;
    private final StringBuilder sequence = new StringBuilder();
    private @Nullable String header;
    private long headerLine;

    private FastaRecords(Path file, Receiver receiver) {
        this.file = file;
        this.receiver = receiver;
    }

    /**
     * Reads a file to its end.
     *
     * @param file compressed if its name ends in {@code .gz}
     * @param receiver receives each record, in the order of the file
     * @throws IOException if it cannot be read
     * @throws InputException if it is not FASTA; the message says where and why
     */
    public static void read(Path file, Receiver receiver) throws IOException {
        boolean packed = file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".gz");
        FastaRecords records = new FastaRecords(file, receiver);
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = packed ? new GZIPInputStream(raw) : raw;
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                records.line(line, ++number);
            }
            records.end();
        } catch (ZipException | EOFException e) {
            throw new InputException(file + ": not a whole gzip file: " + e.getMessage(), e);
        }
    }

    private void line(String line, long number) {
        if (line.startsWith(">")) {
            end();
            header = line.substring(1).strip();
            headerLine = number;
            sequence.setLength(0);
        } else if (header != null) {
            line.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> sequence.append((char) c));
        } else if (!line.isBlank() && !line.startsWith(";")) {
            throw new InputException(
                    file.toString(),
                    number,
                    "a sequence without a header; FASTA has a line that begins with > before each");
        }
    }

    private void end() {
        if (header == null) {
            return;
        }
        if (sequence.isEmpty()) {
            throw new InputException(
                    file.toString(), headerLine, "no sequence after the header '" + Wording.shorten(header) + "'");
        }
        receiver.record(headerLine, header, sequence.toString());
    }
}
