package org.lamella.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.BadRecordOptions;
import org.lamella.cli.option.DataOptions;
import org.lamella.cli.option.FormatOption;
import org.lamella.cli.option.LabelOptions;
import org.lamella.cli.option.LabelSourceOptions;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.option.SchemaOption;
import org.lamella.cli.option.SequenceEncodingOptions;
import org.lamella.cli.report.FindingText;
import org.lamella.cli.stream.DataFile;
import org.lamella.cli.stream.Output;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.Reading;
import org.lamella.data.formats.PackedDataset;
import org.lamella.file.AtomicFiles;
import org.lamella.text.Wording;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lamella pack}. */
@Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        description = "Converts a data file to a packed file, which is read at the speed of the disk and contains the "
                + "labels, encodings and row names too.")
public final class PackCommand implements Callable<Integer> {

    @DataFile
    @Parameters(
            paramLabel = "DATA",
            description = "Data file or folder in any format that train reads, or - for standard input.")
    private Path data;

    @Output(
            value = Output.Kind.FILE,
            remedy = "a packed file is read from several places at once, so it cannot go through a pipe; name "
                    + "F.lamella")
    @Option(
            names = "--out",
            paramLabel = "F.lamella",
            required = true,
            description = "The file to write; train, inspect and evaluate take it as DATA.")
    private Path out;

    @ArgGroup(heading = "Labels:%n")
    private @Nullable LabelOptions labels;

    @Mixin
    @SuppressWarnings("UnusedVariable") // what was parsed is used
    private FormatOption format;

    @Mixin
    private LabelSourceOptions sequences;

    @Mixin
    private SequenceEncodingOptions encoding;

    @Mixin
    private BadRecordOptions records;

    @Mixin
    private SchemaOption schema;

    @Override
    public Integer call() throws IOException {
        if (!PackedDataset.reads(out.toString())) {
            throw new InputException(out + ": the name must end in .lamella");
        }
        DataOptions options = new DataOptions(labels, sequences, encoding, records, schema);
        Path skipped = ModelAndData.skippedOf(out);
        Reading reading = options.reading(data, skipped);
        Dataset read = options.read(data, sequences.labels(data), reading);
        records.report(reading, System.out, skipped);
        FindingText.print(System.out, read.findings());
        AtomicFiles.replace(out, p -> PackedDataset.write(read, p));
        System.out.printf(
                "%s, %s, %s: %s%n",
                Wording.count(read.size(), "row"),
                Wording.count(read.width(), "feature"),
                Wording.count(read.labels().size(), "label"),
                out);
        return 0;
    }
}
