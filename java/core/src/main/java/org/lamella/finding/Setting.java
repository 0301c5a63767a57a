package org.lamella.finding;

/** The settings that messages refer to. The text of a setting is its name in Java. */
public enum Setting {
    /** The last columns are labels. */
    LAST_LABELS("LabelSelection.last"),
    /** The first columns are labels. */
    FIRST_LABELS("LabelSelection.first"),
    /** An XML file names the labels. */
    LABELS_XML("LabelSelection.xml"),
    /** FASTA headers begin with one bit per label. */
    HEADER_BITS("LabelSource.headerBits"),
    /** A file of the labels of each row. */
    LABEL_FILE("LabelSource.file"),
    /** The column of sequences. */
    SEQUENCE_COLUMN("SequenceColumns.sequence"),
    /** The column of label lists. */
    LABEL_COLUMN("SequenceColumns.labels"),
    /** The column of names. */
    ID_COLUMN("SequenceColumns.id"),
    /** What separates labels in a column of label lists. */
    LABEL_SEPARATOR("SequenceColumns.separator"),
    /** Types and roles of columns. */
    SCHEMA("schema"),
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
    /** Whether gaps of alignments are taken out. */
    STRIP_GAPS("stripGaps"),
    /** What happens to records that cannot be used. */
    ON_BAD_RECORD("Reading.OnBadRecord"),
    /** How features are scaled. */
    SCALING("scale"),
    /** Shape of one sample. */
    INPUT_SHAPE("input"),
    /** Whether features are repeated to fill the input. */
    TILING("tile"),
    /** Groups of rows that stay together in a split. */
    GROUPS("groups"),
    /** Which rows are for training, validation and test. */
    PARTITION("partition"),
    /** A separate file of validation rows. */
    VALIDATION("validation"),
    /** Cross-validation. */
    FOLDS("CrossValidation.partitions"),
    /** The network. */
    NETWORK("network"),
    /** Step size of the optimizer. */
    LEARNING_RATE("learningRate"),
    /** Number of passes over the training rows. */
    EPOCHS("epochs"),
    /** Samples per step. */
    BATCH("batch"),
    /** Momentum of SGD and Nesterov. */
    MOMENTUM("momentum"),
    /** Decay of the mean gradient of Adam. */
    BETA1("momentum"),
    /** Weight decay. */
    WEIGHT_DECAY("weightDecay"),
    /** The optimizer. */
    OPTIMIZER("optimizer"),
    /** The learning rate over the run. */
    SCHEDULE("schedule"),
    /** Steps in which the learning rate grows. */
    WARMUP("warmup"),
    /** Epochs without a lower validation loss, after which training stops. */
    EARLY_STOPPING("earlyStopping"),
    /** By which value of the validation rows the best epoch is chosen. */
    BEST_BY("bestBy"),
    /** The loss. */
    LOSS("loss"),
    /** Which rows an epoch uses. */
    SAMPLING("sampling"),
    /** The seed. */
    SEED("seed"),
    /** Weights of positive targets in the loss. */
    POSITIVE_WEIGHT("positiveWeights"),
    /** How probabilities become decisions. */
    DECISIONS("decisions"),
    /** How rows without a label enter ranking metrics. */
    EMPTY_ROWS("rankingOfEmptyRows"),
    /** Whether training continues from a checkpoint. */
    RESUME("resume"),
    /** The folder of a model and its checkpoints. */
    OUTPUT("folder"),
    /** Whether an earlier run is replaced. */
    OVERWRITE("overwrite"),
    /** The device that computes. */
    DEVICE("device"),
    /** The kernels of a GPU. */
    KERNELS("kernels"),
    /** What was looked for to find devices, and where. */
    DEVICE_REPORT("Devices.report");

    private final String text;

    Setting(String text) {
        this.text = text;
    }

    /** {@return the name in Java} */
    public String text() {
        return text;
    }
}
