package org.lamella.cli.option;

/** Options that several commands share. Their title heads them in docs/cli.md. */
public interface OptionGroup {

    /** {@return the title, a few words} */
    String title();
}
