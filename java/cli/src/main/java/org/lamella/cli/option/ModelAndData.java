package org.lamella.cli.option;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.Reading;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The arguments of commands that run a trained model on a data file: model, data, and the device. */
public final class ModelAndData {

    /** What a command does with labels. */
    public enum LabelUse {
        /** The file must have all labels of the model. */
        NEEDED,
        /** They are used if the file has all. */
        OPTIONAL,
        /** They are not used, and options that give them are refused. */
        UNUSED
    }

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder that train --out wrote.")
    private Path folder;

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "Data file with the model's columns, or FASTA; evaluate also needs the labels.")
    private Path data;

    @Mixin
    private LabelSourceOptions sequences;

    @Mixin
    private ModelEncodingOptions encoding;

    @Mixin
    private BadRecordOptions records;

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
     * Reads the data file; prints what was decided, and lists bad records that are left out.
     *
     * @param model names the columns and labels to read
     * @param use what the command does with labels
     * @param log receives lines
     * @param skipped where the list of bad records goes without --skipped; null if it must be given
     * @return the rows of {@link #data()}
     * @throws InputException if the file cannot be read or does not match the model, or an option has no effect
     * @throws IOException if the list of bad records cannot be written
     */
    public Dataset read(Model model, LabelUse use, PrintStream log, @Nullable Path skipped) throws IOException {
        encoding.refuse(model);
        if (use == LabelUse.UNUSED) {
            sequences.requireNoLabels();
        }
        Reading reading = records.reading(data, skipped);
        Dataset rows = model.read(data, use == LabelUse.NEEDED, sequences.labels(data), reading);
        if (use == LabelUse.OPTIONAL && rows.labels().isEmpty()) {
            sequences.requireNoOther(data, model.labels());
        }
        records.report(reading, log, skipped);
        return rows;
    }

    /**
     * Where the list of bad records goes for an output file.
     *
     * @param out the output file
     * @return a file next to it
     */
    public static Path skippedOf(Path out) {
        return out.resolveSibling(out.getFileName() + "." + BadRecordOptions.LIST);
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
