package org.lamella.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Schema;
import org.lamella.data.formats.DataKind;
import picocli.CommandLine.Option;

/** A file that declares types and roles of columns. */
public final class SchemaOption {

    @Option(
            names = "--schema",
            paramLabel = "FILE",
            description = "JSON with types and roles of columns, as inspect --json prints it or inspect --schema-out "
                    + "writes it; changes what the values show. It may name some columns only.")
    private @Nullable Path file;

    /**
     * Reads the schema for a data file.
     *
     * @param data the data file
     * @return the schema; null if no file is given
     * @throws org.lamella.data.InputException if the file cannot be read or is no schema, or has no effect
     */
    public @Nullable Schema schema(Path data) {
        if (file == null) {
            return null;
        }
        switch (DataKind.of(data)) {
            case SEQUENCES, SEQUENCE_FOLDER ->
                NoEffect.refuse(file, "--schema", data + " has sequences and no columns to declare");
            case IMAGES -> NoEffect.refuse(file, "--schema", data + " has images and no columns to declare");
            case PACKED -> NoEffect.refuse(file, "--schema", data + " is a packed file, which is already encoded");
            default -> {}
        }
        return Schema.read(file);
    }

    /**
     * Refuses the option, for a command that reads no data.
     *
     * @param why a clause
     * @throws org.lamella.data.InputException if it was given
     */
    public void requireNone(String why) {
        NoEffect.refuse(file, "--schema", why);
    }
}
