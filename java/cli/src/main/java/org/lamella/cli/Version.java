package org.lamella.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest states. */
final class Version implements IVersionProvider {

    static String line() {
        String version = Version.class.getPackage().getImplementationVersion();
        return "lamella " + (version == null ? "(not packaged)" : version);
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }
}
