package org.lamella.cli.report;

/** How this program is called here: by the launcher of a source checkout, or of a bundle, which says so. */
public final class Launcher {

    private Launcher() {}

    /** {@return the launcher's name, as people type it} */
    public static String command() {
        return System.getProperty("lamella.command", "./lamella");
    }
}
