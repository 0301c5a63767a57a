package org.lamella.cli.stream;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamella.file.AtomicFiles;
import org.lamella.file.FileFailure;

/**
 * Standard output as the place of results. {@link System#out} hides failures; here a closed pipe ends the work quietly,
 * and a full disk is a failure.
 */
public final class StandardOutput {

    /** The argument that names standard output, and standard input. A file of that name is {@code ./-}. */
    public static final String NAME = "-";

    private static @Nullable Watched watched;

    /** Writes a result. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes it whole.
         *
         * @param to receives the bytes; not to be closed
         * @throws IOException if it cannot be written
         */
        void write(OutputStream to) throws IOException;
    }

    private StandardOutput() {}

    /** Replaces {@link System#out} by a stream whose failures are known at the end. */
    public static void watch() {
        watched = new Watched();
        System.setOut(new PrintStream(watched, true, charset()));
    }

    /** That of the stream which is replaced. Java 17 has it as the default, later ones as a property. */
    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
        return name == null ? Charset.defaultCharset() : Charset.forName(name);
    }

    /**
     * The exit code after all output.
     *
     * @param code of the command
     * @return 1 instead of 0 if the output could not be written, which is then printed; a closed pipe is no failure
     */
    public static int end(int code) {
        System.out.flush();
        IOException failure = watched == null ? null : watched.failure;
        if (failure == null || failure instanceof ClosedPipeException || code != 0) {
            return code; // another code has a message of its own
        }
        System.err.println("lamella failed: " + FileFailure.line(failure) + FileFailure.REMEDY);
        return 1;
    }

    /**
     * Whether an argument names standard output.
     *
     * @param out a file, or {@code -}
     * @return true for {@code -}
     */
    public static boolean is(@Nullable Path out) {
        return out != null && out.toString().equals(NAME);
    }

    /**
     * Where the words of a command go.
     *
     * @param out its result
     * @return standard error if the result goes to standard output, else standard output
     */
    public static PrintStream log(@Nullable Path out) {
        return is(out) ? System.err : System.out;
    }

    /**
     * What a result is called.
     *
     * @param out a file, or {@code -}
     * @return for the last line of a command
     */
    public static String name(Path out) {
        return is(out) ? "standard output" : out.toString();
    }

    /**
     * Writes a result to a file, which is replaced atomically, or to standard output.
     *
     * @param out the file, or {@code -}
     * @param content writes the result
     * @throws ClosedPipeException if nobody reads standard output any more
     * @throws IOException if it cannot be written
     */
    public static void write(Path out, Content content) throws IOException {
        if (is(out)) {
            System.out.flush();
            OutputStream to = new BufferedOutputStream(watched == null ? System.out : watched, 1 << 16);
            content.write(to);
            to.flush();
            return;
        }
        AtomicFiles.replace(out, file -> {
            try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
                content.write(to);
            }
        });
    }

    /**
     * Prints a result as text in UTF-8, whatever the locale is.
     *
     * @param text a line is ended after it
     */
    public static void print(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }

    /** Remembers the first failure, and writes nothing after it. */
    private static final class Watched extends OutputStream {
        private final OutputStream out = new FileOutputStream(FileDescriptor.out);
        private @Nullable IOException failure;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (failure != null) {
                throw failure;
            }
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage()).contains("Broken pipe")
                        ? new ClosedPipeException(e)
                        : new FileSystemException("standard output", null, FileFailure.reason(e));
                throw failure;
            }
        }
    }
}
