package org.lamella.cli.report;

import java.util.Arrays;
import java.util.List;
import org.lamella.data.Dataset;
import org.lamella.network.Network;
import org.lamella.network.Parameter;

/**
 * What was trained on what, in numbers.
 *
 * @param data the data file
 * @param moreFiles the files of --valid and --test, if they were given; their rows are among the rows
 * @param rows of the data
 * @param features per row
 * @param labels number of labels
 * @param cardinality mean number of positive labels per row
 * @param training rows
 * @param validation rows
 * @param test rows; with folds, of all folds together
 * @param network its name
 * @param layers number of layers
 * @param parameters number of parameters
 * @param device where it ran
 * @param seed of the run
 * @param seconds from the start of the run to its report
 */
public record RunFacts(
        String data,
        List<String> moreFiles,
        int rows,
        int features,
        int labels,
        double cardinality,
        int training,
        int validation,
        int test,
        String network,
        int layers,
        long parameters,
        String device,
        long seed,
        double seconds) {

    /** Mean number of labels that are 1 per row. */
    static double cardinality(Dataset data) {
        long positives = Arrays.stream(data.targets())
                .mapToLong(row -> {
                    long own = 0;
                    for (byte target : row) {
                        own += target == 1 ? 1 : 0;
                    }
                    return own;
                })
                .sum();
        return positives / (double) Math.max(1, data.size());
    }

    /** All parameters of a network. */
    static long parameters(Network network) {
        return network.parameters().stream().mapToLong(Parameter::count).sum();
    }
}
