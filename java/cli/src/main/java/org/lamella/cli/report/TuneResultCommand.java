package org.lamella.cli.report;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lamella.cli.option.SearchOptions;
import org.lamella.selection.Configuration;
import org.lamella.selection.TuningTrial;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The train command with the settings that a search found: its own options for data, rows and device stay. */
final class TuneResultCommand {

    private static final Set<String> REPLACED = Set.of(
            "--out",
            "--overwrite",
            "--json",
            "--folds",
            "--net",
            "--scale",
            "--learning-rate",
            "--weight-decay",
            "--batch",
            "--epochs");

    private TuneResultCommand() {}

    /**
     * The command line.
     *
     * @param given the command line of the search
     * @param best what it found
     * @param network name or file of the network
     * @param scaled whether features are scaled
     * @param out a folder for the model
     */
    static String of(ParseResult given, TuningTrial best, String network, boolean scaled, Path out) {
        List<String> words = new ArrayList<>(List.of("train"));
        given.matchedPositionals().forEach(p -> words.addAll(p.originalStringValues()));
        List<String> dropped = SearchOptions.names();
        for (OptionSpec option : given.matchedOptions()) {
            String name = option.longestName();
            if (!REPLACED.contains(name) && !dropped.contains(name) && !isTooLong(option, best.epochs())) {
                for (String value : option.originalStringValues()) {
                    words.add(name);
                    if (option.arity().max() > 0) {
                        words.add(value);
                    }
                }
            }
        }
        Configuration c = best.configuration();
        words.addAll(List.of("--net", network));
        if (scaled) {
            words.addAll(List.of("--scale", c.scale().name().toLowerCase(Locale.ROOT)));
        }
        words.addAll(List.of(
                "--learning-rate", plain(c.learningRate()),
                "--weight-decay", plain(c.weightDecay()),
                "--batch", Integer.toString(c.batch()),
                "--epochs", Integer.toString(best.epochs()),
                "--out", out.toString()));
        return RunPage.command(words);
    }

    /** Early stopping that cannot stop a run so short: train would refuse it. */
    private static boolean isTooLong(OptionSpec option, int epochs) {
        return option.longestName().equals("--early-stopping") && option.<Integer>getValue() + 1 >= epochs;
    }

    private static String plain(double value) {
        return value == 0
                ? "0"
                : new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
