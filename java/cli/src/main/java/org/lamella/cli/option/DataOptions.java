package org.lamella.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.stream.Inputs;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.Reading;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;

/**
 * All options that say how a data file is read without a model: those of {@code train}, {@code inspect} and
 * {@code pack}.
 *
 * @param labels which columns are labels; null if none of its options was given
 * @param sequences where labels, names and sequences are
 * @param encoding of sequences
 * @param records what happens to bad records
 * @param schema types and roles of columns
 */
public record DataOptions(
        @Nullable LabelOptions labels,
        LabelSourceOptions sequences,
        SequenceEncodingOptions encoding,
        BadRecordOptions records,
        SchemaOption schema) {

    /**
     * The choices for a data file.
     *
     * @param data the data file
     * @param skipped where the list of bad records goes without --skipped; null if it must be given
     * @return the choices, of which {@link #read} and other files of the same command take notice
     * @throws InputException if an option has no effect on the file, or its value cannot be used
     */
    public Reading reading(Path data, @Nullable Path skipped) {
        sequences.requireColumns(labels, data);
        return records.reading(data, skipped).of(schema.schema(data));
    }

    /**
     * Reads the data file.
     *
     * @param data the data file
     * @param source of its labels
     * @param reading the choices for it
     * @return all rows, under the name that the user knows
     * @throws InputException if the file or an option cannot be used
     */
    public Dataset read(Path data, LabelSource source, Reading reading) {
        return read(data, source, reading, encoding.encoding(data, sequences.hasSequenceColumn()));
    }

    /**
     * Reads the data file with another encoding of its sequences.
     *
     * @param data the data file
     * @param source of its labels
     * @param reading the choices for it
     * @param how its sequences become features
     * @return all rows, under the name that the user knows
     * @throws InputException if the file or an option cannot be used
     */
    public Dataset read(Path data, LabelSource source, Reading reading, EncodingOptions how) {
        return Datasets.read(data, LabelOptions.of(labels), source, how, reading)
                .named(Inputs.name(data));
    }

    /**
     * Frequencies of words, for sequences that were read with an encoding that nobody chose.
     *
     * @param main the rows
     * @return the other encoding; null if the rows are no sequences, or an encoding was chosen
     */
    public @Nullable EncodingOptions words(Dataset main) {
        SequenceEncoding own =
                main.columns().size() == 1 ? main.columns().get(0).sequence() : null;
        return own == null || own.method() != SequenceEncoding.Method.ONE_HOT || encoding.isGiven()
                ? null
                : encoding.words(own.alphabet());
    }
}
