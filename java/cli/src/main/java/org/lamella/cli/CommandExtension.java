package org.lamella.cli;

/**
 * A command that another artifact adds to {@code lamella}: a class with picocli's {@code @Command}, its sub-commands
 * included. It is loaded by the {@link java.util.ServiceLoader}: it has a public constructor without parameters and is
 * named in {@code META-INF/services/org.lamella.cli.CommandExtension}.
 */
public interface CommandExtension {}
