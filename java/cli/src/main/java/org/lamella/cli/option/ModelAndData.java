package org.lamella.cli.option;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.stream.DataFile;
import org.lamella.cli.stream.Inputs;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.Reading;
import org.lamella.device.Device;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.text.Wording;
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

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "Folder that train --out wrote; of train --folds: the mean of its networks.")
    private Path folder;

    @DataFile
    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "Data file with the model's columns, or FASTA, or - for standard input; evaluate also needs "
                    + "the labels.")
    private Path data;

    @Mixin
    @SuppressWarnings("UnusedVariable") // what was parsed is used
    private FormatOption format;

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
     * Loads the model, or the ensemble of a cross-validation.
     *
     * @return the model of {@link #folder()}
     * @throws InputException if the folder has no valid model
     */
    public Classifier model() {
        return Classifier.load(folder);
    }

    /**
     * Loads the model for a command that needs a single network.
     *
     * @param why a clause: why an ensemble is refused
     * @return the model of {@link #folder()}
     * @throws InputException if the folder has an ensemble, or no valid model
     */
    public Model network(String why) {
        if (Ensemble.isIn(folder)) {
            List<String> members = Ensemble.memberFolders(folder);
            throw new InputException(folder + ": an ensemble of " + Wording.count(members.size(), "network") + ", "
                    + why + "; name one of them: "
                    + Wording.some(members.stream()
                            .map(m -> folder.resolve(m).toString())
                            .toList()));
        }
        return Model.load(folder);
    }

    /**
     * Reads the data file, and lists bad records that are left out.
     *
     * @param model names the columns and labels to read
     * @param use what the command does with labels
     * @param log receives lines
     * @param skipped where the list of bad records goes without --skipped; null if it must be given
     * @return the rows of {@link #data()}
     * @throws InputException if the file cannot be read or does not match the model, or an option has no effect
     * @throws IOException if the list of bad records cannot be written
     */
    public Dataset read(Classifier model, LabelUse use, PrintStream log, @Nullable Path skipped) throws IOException {
        encoding.refuse(model);
        if (use == LabelUse.UNUSED) {
            sequences.requireNoLabels();
        }
        Reading reading = records.reading(data, skipped);
        Dataset rows = model.read(data, use == LabelUse.NEEDED, sequences.labels(data), reading)
                .named(Inputs.name(data));
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
     * @return a file next to it; null for standard output
     */
    public static @Nullable Path skippedOf(Path out) {
        return StandardOutput.is(out) ? null : out.resolveSibling(out.getFileName() + "." + BadRecordOptions.LIST);
    }

    /**
     * Opens a model on the chosen device.
     *
     * @param model the model of {@link #folder()} or another one
     * @return computes probabilities; the caller closes it
     * @throws InputException if there is no such device, or --kernels has no effect
     */
    public Predictor open(Classifier model) {
        return model.open(device(model));
    }

    /**
     * The chosen device, which was checked for all networks of a model.
     *
     * @param model the model of {@link #folder()} or another one
     * @return the device
     * @throws InputException if there is no such device, or --kernels has no effect
     */
    public Device device(Classifier model) {
        model.members().forEach(m -> device.require(m.network()));
        return device.requireThreads(device.device());
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
