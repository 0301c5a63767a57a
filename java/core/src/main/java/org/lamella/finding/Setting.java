package org.lamella.finding;

/** What can be set, and messages may advise to set otherwise. Its text is the name that a Java program knows. */
public enum Setting {
    /** The last columns are labels. */
    LAST_LABELS("LabelSelection.last"),
    /** The first columns are labels. */
    FIRST_LABELS("LabelSelection.first"),
    /** An XML file names the labels. */
    LABELS_XML("LabelSelection.xml"),
    /** FASTA headers begin with a bit per label. */
    HEADER_BITS("LabelSource.headerBits"),
    /** A file has the labels of each row. */
    LABEL_FILE("LabelSource.file"),
    /** The column of sequences. */
    SEQUENCE_COLUMN("SequenceColumns.sequence"),
    /** The column of label lists. */
    LABEL_COLUMN("SequenceColumns.labels"),
    /** The column of names. */
    ID_COLUMN("SequenceColumns.id"),
    /** Positions of a sequence. */
    LENGTH("length"),
    /** Which part of a longer sequence is kept. */
    CROP("crop"),
    /** How sequences become numbers. */
    ENCODING("method"),
    /** Letters of sequences. */
    ALPHABET("alphabet"),
    /** Letters per word. */
    WORD_LENGTH("k"),
    /** Largest distance between dinucleotides. */
    LAG("lag"),
    /** Weight of pseudo compositions. */
    PSEUDO_WEIGHT("weight"),
    /** How features are scaled. */
    SCALING("scale"),
    /** Shape of one sample. */
    INPUT_SHAPE("input"),
    /** Whether features are repeated to fill the input. */
    TILING("tile"),
    /** Rows that belong together. */
    GROUPS("groups"),
    /** Which rows are for training, validation and test. */
    PARTITION("partition"),
    /** Validation rows of their own. */
    VALIDATION("validation"),
    /** Cross-validation. */
    FOLDS("CrossValidation.partitions"),
    /** The network. */
    NETWORK("network"),
    /** Step size of the optimizer. */
    LEARNING_RATE("learningRate"),
    /** Passes over the training rows. */
    EPOCHS("epochs"),
    /** Samples per step. */
    BATCH("batch"),
    /** Weights of positive targets in the loss. */
    POSITIVE_WEIGHT("positiveWeight"),
    /** How labels are decided on. */
    DECISIONS("decisions"),
    /** Whether training goes on from a checkpoint. */
    RESUME("resume"),
    /** Where a model or its checkpoints go. */
    OUTPUT("folder"),
    /** Whether an earlier run is replaced. */
    OVERWRITE("overwrite"),
    /** What computes. */
    DEVICE("device");

    private final String text;

    Setting(String text) {
        this.text = text;
    }

    /** {@return the name that a Java program knows} */
    public String text() {
        return text;
    }
}
