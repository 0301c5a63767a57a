package org.lamella.cli.option;

import org.jspecify.annotations.Nullable;
import org.lamella.cli.stream.DataFile;
import org.lamella.cli.stream.DataFormat;
import org.lamella.cli.stream.Places;
import picocli.CommandLine.Option;

/** The format of data files whose name does not tell it. {@link Places} applies it to each {@link DataFile}. */
public final class FormatOption {

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "Format of data files whose name does not tell it, such as -: fasta, arff, csv, tsv, libsvm, "
                    + "npy, npz or lamella (default: recognized from the first bytes, and printed).")
    @SuppressWarnings("UnusedVariable") // what was parsed is used
    private @Nullable DataFormat format;
}
