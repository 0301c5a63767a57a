package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.lamella.data.Table;

/** Reads files, or folders, of one format into a table. {@link TableFormats} lists it with its name and endings. */
@NullMarked
@FunctionalInterface
interface TableReader {

    /**
     * Reads a file or a folder that is there.
     *
     * @param path what to read
     * @param labels the source of labels, if the format has no column per label
     * @return the table, which may be without rows
     * @throws IOException if it cannot be read
     * @throws org.lamella.data.InputException if it is not of this format; the message says where and why
     */
    Table read(Path path, LabelSource labels) throws IOException;
}
