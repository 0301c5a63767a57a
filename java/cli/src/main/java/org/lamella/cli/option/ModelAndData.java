package org.lamella.cli.option;

import java.nio.file.Path;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The arguments of commands that run a trained model on a data file: model, data, and the device. */
public final class ModelAndData {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder that train --out wrote.")
    private Path folder;

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "Data file with the model's columns, or FASTA; evaluate also needs the labels.")
    private Path data;

    @Mixin
    private SequenceOptions sequences;

    @Mixin
    private DeviceOptions device;

    /** {@return the folder of the model} */
    public Path folder() {
        return folder;
    }

    /** {@return the data file} */
    public Path data() {
        return data;
    }

    /**
     * Loads the model.
     *
     * @return the model of {@link #folder()}
     * @throws InputException if the folder has no valid model
     */
    public Model model() {
        return Model.load(folder);
    }

    /**
     * Reads the data file.
     *
     * @param model names the columns and labels to read
     * @param labelled whether every label of the model must be in the file
     * @return the rows of {@link #data()}
     * @throws InputException if the file cannot be read or does not match the model
     */
    public Dataset read(Model model, boolean labelled) {
        return model.read(data, labelled, sequences.labels());
    }

    /**
     * Opens a model on the chosen device.
     *
     * @param model the model of {@link #folder()} or another one
     * @return computes probabilities; the caller closes it
     * @throws InputException if there is no such device, or --kernels has no effect
     */
    public Predictor open(Model model) {
        return model.open(device.device(model.network()));
    }

    /**
     * Opens a model on the chosen device for the output of one layer.
     *
     * @param model the model of {@link #folder()} or another one
     * @param layer name of the layer
     * @return computes the values of the layer; the caller closes it
     * @throws InputException if there is no such device, or --kernels has no effect
     */
    public Predictor openLayer(Model model, String layer) {
        return model.openLayer(device.device(model.network()), layer);
    }
}
