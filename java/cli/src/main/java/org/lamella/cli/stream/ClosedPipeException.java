package org.lamella.cli.stream;

import java.io.IOException;

/** The program that reads standard output has ended, as {@code head} does: no failure, and nothing is left to do. */
public final class ClosedPipeException extends IOException {
    private static final long serialVersionUID = 1;

    /** The exit code of a program that is ended by SIGPIPE. */
    public static final int EXIT_CODE = 141;

    ClosedPipeException(IOException cause) {
        super("standard output is closed", cause);
    }
}
