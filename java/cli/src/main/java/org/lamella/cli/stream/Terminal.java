package org.lamella.cli.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a standard stream is a terminal. {@link System#console} says it of input and output together only. */
public final class Terminal {

    /** Standard input. */
    public static final int INPUT = 0;
    /** Standard error. */
    public static final int ERROR = 2;

    private Terminal() {}

    /**
     * Whether a stream is a terminal on which a line can be rewritten.
     *
     * @param stream its number
     * @return false for files, pipes, and where the system does not tell
     */
    public static boolean is(int stream) {
        try {
            String target =
                    Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream)).toString();
            return (target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console"))
                    && !"dumb".equals(System.getenv("TERM"));
        } catch (IOException | SecurityException e) {
            return false;
        }
    }
}
