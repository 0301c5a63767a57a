package org.lamella.cli.option;

/** Options that several commands share. docs/cli.md shows them under their title. */
public interface OptionGroup {

    /** {@return the title, a few words} */
    String title();
}
