package org.lamella.data.formats;

import java.nio.file.Path;

/** Kinds of data files, which decide on the options that apply to them. */
public enum DataKind {
    /** CSV or TSV: a table, which may have a column of sequences. */
    SEPARATED,
    /** LIBSVM: a sparse table, each row with its labels. */
    LIBSVM,
    /** Another table. */
    TABLE,
    /** A FASTA file. */
    SEQUENCES,
    /** A folder with one FASTA file per label. */
    SEQUENCE_FOLDER,
    /** A folder of images. */
    IMAGES,
    /** A packed dataset: labels and encodings are in it. */
    PACKED;

    /**
     * The kind of a data file, from its name, or from the files of a folder.
     *
     * @param path the file or folder; need not exist
     * @return the kind; {@link #TABLE} for unknown names
     * @throws org.lamella.data.InputException if a folder cannot be read
     */
    public static DataKind of(Path path) {
        return PackedDataset.reads(path.toString()) ? PACKED : TableFormats.kind(path);
    }
}
