package org.lamella.cli.option;

import org.lamella.cli.stream.Inputs;
import org.lamella.data.InputException;
import org.lamella.finding.Finding;
import org.lamella.finding.Setting;

/** The flags by which the command line calls settings: what messages of the engine show here. */
public final class Flags {

    private Flags() {}

    /**
     * The flag of a setting.
     *
     * @param setting what a message names
     * @return the flag, with its dashes
     */
    public static String of(Setting setting) {
        return switch (setting) {
            case LAST_LABELS -> "--labels";
            case FIRST_LABELS -> "--labels-first";
            case LABELS_XML -> "--labels-xml";
            case HEADER_BITS -> "--label-bits";
            case LABEL_FILE -> "--label-file";
            case SEQUENCE_COLUMN -> "--sequence-column";
            case LABEL_COLUMN -> "--label-column";
            case ID_COLUMN -> "--id-column";
            case LABEL_SEPARATOR -> "--label-separator";
            case SCHEMA -> "--schema";
            case LENGTH -> "--length";
            case CROP -> "--crop";
            case ENCODING -> "--encoding";
            case ALPHABET -> "--alphabet";
            case WORD_LENGTH -> "--k";
            case LAG -> "--lag";
            case PSEUDO_WEIGHT -> "--pse-weight";
            case STRIP_GAPS -> "--strip-gaps";
            case ON_BAD_RECORD -> "--on-bad-record";
            case SCALING -> "--scale";
            case INPUT_SHAPE -> "--input";
            case TILING -> "--tile";
            case GROUPS -> "--groups";
            case PARTITION -> "--split";
            case VALIDATION -> "--valid";
            case FOLDS -> "--folds";
            case NETWORK -> "--net";
            case LEARNING_RATE -> "--learning-rate";
            case EPOCHS -> "--epochs";
            case BATCH -> "--batch";
            case MOMENTUM -> "--momentum";
            case BETA1 -> "--beta1";
            case WEIGHT_DECAY -> "--weight-decay";
            case OPTIMIZER -> "--optimizer";
            case SCHEDULE -> "--schedule";
            case WARMUP -> "--warmup";
            case EARLY_STOPPING -> "--early-stopping";
            case BEST_BY -> "--best-by";
            case LOSS -> "--loss";
            case SAMPLING -> "--sampling";
            case SEED -> "--seed";
            case POSITIVE_WEIGHT -> "--positive-weight";
            case DECISIONS -> "--threshold";
            case EMPTY_ROWS -> "--ranking-of-empty-rows";
            case RESUME -> "--resume";
            case OUTPUT -> "--out";
            case OVERWRITE -> "--overwrite";
            case DEVICE -> "--device";
            case KERNELS -> "--kernels";
            case DEVICE_REPORT -> "devices --verbose";
        };
    }

    /**
     * A finding in one line.
     *
     * @param finding what was found
     * @return message and remedy
     */
    public static String text(Finding finding) {
        return Inputs.text(finding.text(Flags::of));
    }

    /**
     * What is wrong with some input, in one line.
     *
     * @param refused says it
     * @return the message
     */
    public static String text(InputException refused) {
        return Inputs.text(refused.message(Flags::of));
    }
}
