package org.lamella.data.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.text.Wording;

/** The records of a FASTA file, plain or compressed, wrapped lines or not. */
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

        /**
         * A header without a sequence.
         *
         * @param file where it is
         * @param line number of the header's, from 1
         * @param header without the {@code >} and without white space around it
         * @throws InputException unless another receiver continues
         */
        default void empty(Path file, long line, String header) {
            throw new InputException(file.toString(), line, noSequence(header));
        }
    }

    /** Why a header without a sequence cannot be used. */
    static String noSequence(String header) {
        return "no sequence after the header '" + Wording.shorten(header) + "'";
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
     * @param file plain, gzip or Zstandard
     * @param receiver receives each record, in the order of the file
     * @throws IOException if it cannot be read
     * @throws InputException if it is not FASTA; the message says where and why
     */
    public static void read(Path file, Receiver receiver) throws IOException {
        FastaRecords records = new FastaRecords(file, receiver);
        try (BufferedReader reader = TextFiles.open(file)) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                records.line(line, ++number);
            }
            records.end();
        }
    }

    private void line(String line, long number) {
        if (line.startsWith(">")) {
            end();
            header = line.substring(1).strip();
            headerLine = number;
            sequence.setLength(0);
        } else if (line.startsWith(";")) {
            return; // a comment, wherever it is
        } else if (header != null) {
            line.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> sequence.append((char) c));
        } else if (!line.isBlank()) {
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
            receiver.empty(file, headerLine, header);
        } else {
            receiver.record(headerLine, header, sequence.toString());
        }
    }
}
