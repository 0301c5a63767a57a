package org.lamella.cli.report;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest states. */
public final class Version implements IVersionProvider {

    /** {@return the program's name and version} */
    public static String line() {
        String version = Version.class.getPackage().getImplementationVersion();
        return "lamella " + (version == null ? "(not packaged)" : version);
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }
}
