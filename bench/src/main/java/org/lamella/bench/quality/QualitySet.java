package org.lamella.bench.quality;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import org.lamella.data.LabelSource;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;

/**
 * A data set: its files, its labels, and which rows are held out. Names of files are relative to the folder of all data
 * sets.
 *
 * @param name of the set; also the name of its folder of results
 * @param about what the rows are, and what to know before reading a result; one sentence or more
 * @param data rows to learn from, or all rows; an ARFF or FASTA file, or a folder with one FASTA file per label
 * @param test rows of the published test part; null to divide {@code data} into folds
 * @param labelsXml Mulan's file of label names; null if the data says which labels it has
 * @param labelBits whether FASTA headers begin with one bit per label
 * @param labelNames file with the names of these labels, one per line; null for label1, label2, ...
 * @param folds outer folds, 2 or more; 0 with {@code test}
 * @param run how many of the folds are run by default; 0 for all
 */
public record QualitySet(
        String name,
        String about,
        String data,
        @Nullable String test,
        @Nullable String labelsXml,
        boolean labelBits,
        @Nullable String labelNames,
        int folds,
        int run) {

    /**
     * Checks that the description is complete.
     *
     * @throws InputException if it is not; the message names the set
     */
    public QualitySet {
        if (name == null || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new InputException("data set '" + name + "': name must consist of letters, digits, '.', '_' and '-'");
        }
        about = Objects.requireNonNullElse(about, "");
        if (data == null) {
            throw new InputException("data set '" + name + "': has no data; name its file");
        }
        if (test == null ? folds < 2 : folds != 0) {
            throw new InputException(
                    "data set '" + name + "': needs either test, the file of its test rows, or folds, 2 or more");
        }
        if (run < 0 || run > folds) {
            throw new InputException("data set '" + name + "': run must be 1 to folds, got " + run);
        }
        if (labelNames != null && !labelBits) {
            throw new InputException("data set '" + name + "': label_names needs label_bits");
        }
    }

    /**
     * The first file that is not there.
     *
     * @param folder of all data sets
     * @return its name; null if all files are there
     */
    @Nullable
    String missing(Path folder) {
        return names().filter(f -> Files.notExists(folder.resolve(f)))
                .findFirst()
                .orElse(null);
    }

    /** All its files, those of a folder one by one. */
    List<Path> files(Path folder) {
        return names().map(folder::resolve)
                .flatMap(f -> Files.isDirectory(f) ? Datasets.files(f).stream() : Stream.of(f))
                .toList();
    }

    private Stream<String> names() {
        return Stream.of(data, test, labelsXml, labelNames).filter(Objects::nonNull);
    }

    /** How many trainings there are. */
    int runs(int limit) {
        if (test != null) {
            return 1;
        }
        int usual = run == 0 ? folds : run;
        return limit == 0 ? usual : Math.min(limit, folds);
    }

    /** Which rows are held out, in a few words. */
    String split(int number) {
        return test != null ? "published split" : "fold " + number + " of " + folds;
    }

    /** The options of the command line that say where labels are. */
    List<String> labelOptions(Path folder) {
        List<String> options = new ArrayList<>();
        if (labelsXml != null) {
            options.addAll(List.of("--labels-xml", folder.resolve(labelsXml).toString()));
        }
        if (labelBits) {
            options.add("--label-bits");
        }
        if (labelNames != null) {
            options.addAll(List.of("--label-names", folder.resolve(labelNames).toString()));
        }
        return options;
    }

    /** The rows of {@code data} with their labels; sequences have few features, which nobody uses. */
    Dataset read(Path folder) {
        LabelSelection selection =
                labelsXml == null ? LabelSelection.declared() : LabelSelection.xml(folder.resolve(labelsXml));
        LabelSource source = labelBits ? LabelSource.headerBits(List.of()) : LabelSource.data();
        EncodingOptions letters =
                new EncodingOptions(SequenceEncoding.Method.KMERS, null, 0, SequenceEncoding.Crop.ENDS, 1, 0, 0, false);
        return Datasets.read(folder.resolve(data), selection, source, letters);
    }

    /** The numbers of its trainings, from 1. */
    IntStream numbers(int limit) {
        return IntStream.rangeClosed(1, runs(limit));
    }
}
