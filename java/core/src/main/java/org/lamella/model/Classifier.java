package org.lamella.model;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.Reading;
import org.lamella.data.Schema;
import org.lamella.device.Device;
import org.lamella.evaluation.DecisionRule;

/** What gives a probability per label: one network, or several whose probabilities are averaged. */
public sealed interface Classifier extends Serializable permits Model, Ensemble {

    /** {@return the label names, one per probability} */
    List<String> labels();

    /** {@return the input columns} */
    List<FeatureColumn> columns();

    /** {@return how probabilities become decisions} */
    DecisionRule rule();

    /** {@return what the columns of the training file are, and why; null if it is not known} */
    @Nullable
    Schema schema();

    /** {@return the networks with their weights, at least one} */
    List<Model> members();

    /**
     * The same with another decision rule.
     *
     * @param other the new rule, for the same labels
     * @return a copy that shares all arrays
     */
    Classifier withRule(DecisionRule other);

    /**
     * Puts it on a device for predictions.
     *
     * @param device where to run
     * @return gives one probability per label, to any number of threads; close it
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    Predictor open(Device device);

    /**
     * Saves to a folder; each file is replaced atomically.
     *
     * @param folder created if it is missing
     * @throws IOException if a file cannot be written; its message names the file
     */
    void save(Path folder) throws IOException;

    /**
     * Loads what {@link #save} wrote.
     *
     * @param folder of a model or of an ensemble
     * @return what it has, in memory; the files are no longer needed
     * @throws InputException if something is missing or damaged
     */
    static Classifier load(Path folder) {
        return Ensemble.isIn(folder) ? Ensemble.load(folder) : Model.load(folder);
    }

    /**
     * Reads a file with the model's columns; with its labels, if the file has them all.
     *
     * @param file a file or folder of any format of {@link Datasets#formats()}
     * @param labelsNeeded true refuses a file that lacks a label
     * @return the rows; without labels if the file lacks one
     * @throws InputException if a column, or a label that is needed, is missing, or a value cannot be used
     */
    default Dataset read(Path file, boolean labelsNeeded) {
        return read(file, labelsNeeded, LabelSource.data());
    }

    /**
     * The same for sequences and images.
     *
     * @param file a file or folder of any format of {@link Datasets#formats()}
     * @param labelsNeeded true refuses a file that lacks a label
     * @param source where the labels of a row are, if the file has no column per label
     * @return the rows; without labels if the file lacks one
     * @throws InputException if a column, or a label that is needed, is missing, or a value cannot be used
     */
    default Dataset read(Path file, boolean labelsNeeded, LabelSource source) {
        return read(file, labelsNeeded, source, Reading.strict());
    }

    /**
     * The same; bad records may be left out, and what is decided is noted.
     *
     * @param file a file or folder of any format of {@link Datasets#formats()}
     * @param labelsNeeded true refuses a file that lacks a label
     * @param source where the labels of a row are, if the file has no column per label
     * @param reading what happens to bad records; receives notes
     * @return the rows; without labels if the file lacks one
     * @throws InputException if a column, or a label that is needed, is missing, or a value cannot be used
     */
    default Dataset read(Path file, boolean labelsNeeded, LabelSource source, Reading reading) {
        return Datasets.read(file, columns(), labels(), labelsNeeded, source, reading.of(schema()));
    }
}
