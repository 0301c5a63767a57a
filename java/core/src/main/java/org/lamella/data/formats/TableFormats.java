package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.Schema;
import org.lamella.data.formats.TableFormat.Place;
import org.lamella.data.table.Table;

/** All supported formats of tables. A new format needs a {@link TableReader} and a line here. */
@NullMarked
public final class TableFormats {

    static final TableFormat FASTA = new TableFormat(
            "FASTA",
            List.of(".fasta", ".fa", ".fna", ".faa", ".ffn", ".fas"),
            true,
            Place.FILE_OR_FOLDER,
            (path, labels, types) -> FastaReader.read(path, labels));
    static final TableFormat PNG = new TableFormat(
            "PNG", List.of(".png"), false, Place.FOLDER, (path, labels, types) -> ImageFolderReader.read(path, labels));

    /** The first format that matches a path reads it. */
    private static final List<TableFormat> ALL = List.of(
            TableFormat.of("ARFF", (path, labels, types) -> ArffReader.read(path, labels), ".arff"),
            TableFormat.of("CSV", CsvReader.separatedBy(','), ".csv"),
            TableFormat.of("TSV", CsvReader.separatedBy('\t'), ".tsv"),
            TableFormat.of("LIBSVM", (path, labels, types) -> LibsvmReader.read(path, labels), ".libsvm", ".svm"),
            new TableFormat(
                    "NumPy",
                    List.of(".npy", ".npz"),
                    false,
                    Place.FILE,
                    (path, labels, types) -> NumpyReader.read(path, labels)),
            PNG,
            FASTA);

    private TableFormats() {}

    /**
     * Reads a file or a folder by the reader of its format.
     *
     * @param path what to read
     * @param labels the source of labels, if the format has no column per label
     * @param types declared types of columns by their names, for formats that have none
     * @return a table with one row at least, or with records that cannot be used
     * @throws InputException if it cannot be read or used; the message says where and why
     */
    public static Table read(Path path, LabelSource labels, Map<String, Schema.Type> types) {
        boolean folder = Files.isDirectory(path);
        if (!folder && !Files.isRegularFile(path)) {
            throw new InputException(path + ": no such file");
        }
        try {
            for (TableFormat format : ALL) {
                if (format.reads(path)) {
                    Table table = format.reader().read(path, labels, types);
                    if (table.size() == 0 && table.rejected().isEmpty()) {
                        throw new InputException(path + ": no rows of data");
                    }
                    return table;
                }
            }
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage(), e);
        }
        throw new InputException(path
                + (folder ? ": no supported file in this folder" : ": unknown file format")
                + "; supported formats: " + summary());
    }

    /**
     * Whether a folder has files that are read together.
     *
     * @param folder a folder that is there
     * @return true for one with FASTA files or images
     * @throws InputException if the folder cannot be read
     */
    public static boolean isDataFolder(Path folder) {
        try {
            for (TableFormat format : ALL) {
                if (format.reads(folder)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The files in a folder that are read together.
     *
     * @param folder a folder that is there
     * @return none for a folder without such files
     * @throws InputException if the folder cannot be read
     */
    public static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>();
        try {
            for (TableFormat format : ALL) {
                if (format.reads(folder)) {
                    files.addAll(format.files(folder));
                }
            }
            return files;
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@return all formats in one line, for help and messages} */
    public static String summary() {
        return String.join(", ", descriptions()) + "; text files also compressed ("
                + String.join(", ", TextFiles.COMPRESSED) + ")";
    }

    /**
     * The kind of a file or folder.
     *
     * @param path need not exist
     * @return by the first format that reads it; a table if there is none
     * @throws InputException if a folder cannot be read
     */
    public static DataKind kind(Path path) {
        try {
            for (TableFormat format : ALL) {
                if (format.reads(path)) {
                    return kind(format, Files.isDirectory(path));
                }
            }
            return DataKind.TABLE;
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static DataKind kind(TableFormat format, boolean folder) {
        return switch (format.name()) {
            case "FASTA" -> folder ? DataKind.SEQUENCE_FOLDER : DataKind.SEQUENCES;
            case "PNG" -> DataKind.IMAGES;
            case "CSV", "TSV" -> DataKind.SEPARATED;
            case "LIBSVM" -> DataKind.LIBSVM;
            default -> DataKind.TABLE;
        };
    }

    /** {@return each format with the endings of its files, for help and messages} */
    public static List<String> descriptions() {
        return Stream.concat(ALL.stream().map(TableFormat::description), Stream.of(PackedDataset.FORMAT))
                .toList();
    }
}
