package org.lamella.cli.report;

/** The command that started this program: the launcher of a source checkout or of a bundle. */
public final class Launcher {

    private Launcher() {}

    /** {@return the launcher's name, as a user types it} */
    public static String command() {
        return System.getProperty("lamella.command", "./lamella");
    }
}
