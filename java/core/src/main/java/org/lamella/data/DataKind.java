package org.lamella.data;

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
    PACKED
}
