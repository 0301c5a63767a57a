package org.lamella.work;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A piece of work that may take long: reading a file, computing rows. It tells the listener of the process how far it
 * is. One thread does it.
 */
public final class Work implements AutoCloseable {

    /** The unit of files and streams. */
    public static final String BYTES = "byte";

    private static final long INTERVAL_NANOS = 100_000_000;

    private static volatile WorkListener listener = WorkListener.NONE;

    private final String name;
    private final String unit;
    private final long total;
    private final long start = System.nanoTime();
    private long next;
    private long done;
    private boolean ended;

    private Work(String name, long total, String unit) {
        this.name = name;
        this.total = total;
        this.unit = unit;
        this.next = total == 0 ? start : start + INTERVAL_NANOS; // pieces of unknown length are told at their begin
    }

    /**
     * Sets the listener of the whole process.
     *
     * @param all hears all work from now on; {@link WorkListener#NONE} for nobody
     */
    public static void listen(WorkListener all) {
        listener = Objects.requireNonNull(all, "all");
    }

    /**
     * Work that begins now.
     *
     * @param name what is done, for example {@code reading data.csv}
     * @param total how many units there are; 0 if it is not known
     * @param unit what is counted, in the singular; {@link #BYTES} for bytes
     * @return the work; close it at its end
     */
    public static Work begin(String name, long total, String unit) {
        return new Work(name, total, unit);
    }

    /**
     * Opens a file, and counts its bytes as they are read.
     *
     * @param file a file
     * @return its bytes; closing ends the work
     * @throws IOException if it cannot be opened
     */
    public static InputStream reading(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        Work work = begin("reading " + file, Files.size(file), BYTES);
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int b = super.read();
                work.add(b < 0 ? 0 : 1);
                return b;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int n = super.read(bytes, offset, length);
                work.add(Math.max(0, n));
                return n;
            }

            @Override
            public long skip(long wanted) throws IOException {
                long n = super.skip(wanted);
                work.add(n);
                return n;
            }

            @Override
            public void close() throws IOException {
                work.close();
                super.close();
            }
        };
    }

    /**
     * More is done.
     *
     * @param units 0 or more
     */
    public void add(long units) {
        to(done + units);
    }

    /**
     * So much is done.
     *
     * @param units of {@link #total}
     */
    public void to(long units) {
        done = units;
        WorkListener own = listener;
        if (own != WorkListener.NONE) {
            long now = System.nanoTime();
            if (now - next >= 0) {
                next = now + INTERVAL_NANOS;
                own.at(this);
            }
        }
    }

    /** {@return what is done} */
    public String name() {
        return name;
    }

    /** {@return how many units there are; 0 if it is not known} */
    public long total() {
        return total;
    }

    /** {@return how many are done} */
    public long done() {
        return done;
    }

    /** {@return what is counted, in the singular} */
    public String unit() {
        return unit;
    }

    /** {@return seconds since it began} */
    public double seconds() {
        return (System.nanoTime() - start) * 1e-9;
    }

    /** Ends the work. Again does nothing. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            listener.ended(this);
        }
    }
}
