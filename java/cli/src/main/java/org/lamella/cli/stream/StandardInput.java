package org.lamella.cli.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.formats.DataKind;
import org.lamella.file.FileFailure;
import org.lamella.work.Work;

/**
 * Standard input in place of a file, and files whose name does not tell their format. Readers go over a file more than
 * once, and find their format by its name; so the input is kept in a temporary folder, which closing removes.
 */
final class StandardInput implements AutoCloseable {

    static final String TEXT = "standard input";

    private @Nullable Path folder;
    private final List<Path> files = new ArrayList<>();
    private final Thread atExit = new Thread(this::remove);

    /**
     * Keeps standard input in a file.
     *
     * @throws InputException if it is empty or cannot be kept
     */
    Path keep() {
        if (Terminal.is(Terminal.INPUT)) {
            System.err.println("reading standard input; end it with Ctrl-D");
        }
        return keep(System.in, place("standard-input", TEXT));
    }

    /**
     * Keeps what comes out of a pipe, as the shell's {@code <(COMMAND)} is one.
     *
     * @throws InputException if it is empty, or cannot be read or kept
     */
    Path keep(Path pipe) {
        try (InputStream from = Files.newInputStream(pipe)) {
            return keep(from, place("pipe-" + files.size(), pipe.toString()));
        } catch (IOException e) {
            throw new InputException(pipe + ": cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private Path keep(InputStream from, Path file) {
        long bytes;
        try (OutputStream to = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            bytes = copy(from, to, Inputs.name(file));
        } catch (IOException e) {
            throw new InputException(
                    Inputs.name(file) + ": cannot be kept in " + folder + ": " + FileFailure.reason(e)
                            + "; set TMPDIR to a folder with more space, or name a file",
                    e);
        }
        if (bytes == 0) {
            throw new InputException(Inputs.name(file) + ": is empty; does the command that writes it fail?");
        }
        return file;
    }

    private static long copy(InputStream from, OutputStream to, String name) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (Work work = Work.begin("reading " + name, 0, Work.BYTES)) {
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                to.write(buffer, 0, n);
                work.add(n);
            }
            return work.done();
        }
    }

    /**
     * A data file under a name that tells its format.
     *
     * @param file standard input that was kept, or a file
     * @param format one of {@link DataFormat}; null to recognize it
     * @throws InputException if it is not recognized
     */
    Path named(Path file, @Nullable DataFormat format) {
        DataFormat own = format;
        String name = Inputs.name(file);
        if (own == null) {
            String ending = Datasets.recognize(file);
            if (ending == null) {
                throw new InputException(name
                        + (name.equals(TEXT)
                                ? ": its first bytes show no format"
                                : ": neither its name nor its first bytes show a format")
                        + "; give --format, one of " + DataFormat.all());
            }
            own = DataFormat.of(ending);
            System.err.println("note: " + name + " is read as " + own.text() + ", by its first bytes; --format sets "
                    + "another format");
        }
        Path named = place(file.getFileName() + own.ending(), name);
        try {
            Files.createSymbolicLink(named, file.toAbsolutePath());
        } catch (IOException e) {
            throw new InputException(
                    name + ": cannot be linked in " + folder + ": " + FileFailure.reason(e)
                            + "; rename it, so that its name ends in " + own.ending(),
                    e);
        }
        return named;
    }

    /** Whether the name of a file tells no format. */
    static boolean nameless(Path file) {
        return Files.isRegularFile(file) && DataKind.of(file) == DataKind.TABLE && DataFormat.of(file) == null;
    }

    private Path place(String name, String typed) {
        try {
            if (folder == null) {
                String wanted = System.getenv("TMPDIR");
                folder = wanted == null || !Files.isDirectory(Path.of(wanted))
                        ? Files.createTempDirectory("lamella-")
                        : Files.createTempDirectory(Path.of(wanted), "lamella-");
                Runtime.getRuntime().addShutdownHook(atExit);
            }
        } catch (IOException e) {
            throw new InputException("no temporary folder can be made: " + FileFailure.line(e) + "; set TMPDIR", e);
        }
        Path file = folder.resolve(name);
        files.add(file);
        Inputs.name(file, typed);
        return file;
    }

    private synchronized void remove() {
        if (folder == null) {
            return;
        }
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            System.err.println("note: " + folder + " could not be removed: " + FileFailure.reason(e));
        }
        folder = null;
    }

    @Override
    public void close() {
        if (folder == null) {
            return;
        }
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // the program ends, and the hook has run
        }
    }
}
