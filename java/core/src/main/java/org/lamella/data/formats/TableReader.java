package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.lamella.data.LabelSource;
import org.lamella.data.Schema;
import org.lamella.data.table.Table;

/** Reads files, or folders, of one format into a table. {@link TableFormats} lists it with its name and endings. */
@NullMarked
@FunctionalInterface
interface TableReader {

    /**
     * Reads a file or a folder that is there.
     *
     * @param path what to read
     * @param labels the source of labels, if the format has no column per label
     * @param types declared types of columns, by their names, for a format that has none
     * @return the table, which may be without rows
     * @throws IOException if it cannot be read
     * @throws org.lamella.data.InputException if it is not of this format; the message says where and why
     */
    Table read(Path path, LabelSource labels, Map<String, Schema.Type> types) throws IOException;
}
