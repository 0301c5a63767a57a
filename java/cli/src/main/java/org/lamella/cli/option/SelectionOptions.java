package org.lamella.cli.option;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.selection.Effort;
import picocli.CommandLine.Option;

/** How much is compared before the training. */
public final class SelectionOptions implements OptionGroup {

    static final String NONE = "none";

    @Option(
            names = "--effort",
            completionCandidates = Candidates.Efforts.class,
            paramLabel = "NAME",
            description = "Compare scalings, networks and weight decay on the training rows first, and train with the "
                    + "best: quick (3 networks), standard (5) or thorough (10); their mean is the model. none: one "
                    + "network with the settings as they are. What is given by hand (--net, --scale, --learning-rate, "
                    + "--weight-decay) is kept and not compared (default: standard; with --net or --features none).")
    private @Nullable String effort;

    @Option(
            names = "--budget",
            converter = TimeSpan.class,
            paramLabel = "TIME",
            description = "Time for the comparison: a number and s, m or h, such as 5m. Settings whose networks would "
                    + "probably not be trained in time are left out, and named; the first ones are always finished. "
                    + "With --folds, all folds share it. What is compared then depends on the speed of the machine, "
                    + "and the result may differ between machines and runs; without it, the same command gives the "
                    + "same bits (default: no limit).")
    private @Nullable Duration budget;

    /**
     * How much is compared.
     *
     * @param networkGiven whether --net is given
     * @param layer --features, which names a layer of the network; null without
     * @return null to compare nothing
     * @throws InputException if the name is unknown, a layer of a network is named that is to be chosen, or there is a
     *     budget and nothing to compare
     */
    public @Nullable Effort effort(boolean networkGiven, @Nullable String layer) {
        Effort chosen = parsed(networkGiven, layer);
        if (chosen == null) {
            NoEffect.refuse(
                    budget,
                    "--budget",
                    "nothing is compared with "
                            + (effort != null
                                    ? "--effort none"
                                    : (networkGiven ? "--net" : "--features") + " and without --effort"));
        }
        return chosen;
    }

    /**
     * How long may be compared.
     *
     * @param comparisons that share the time, 1 or more
     * @return the time of one of them; null for no limit
     */
    public @Nullable Duration budget(int comparisons) {
        return budget == null ? null : budget.dividedBy(comparisons);
    }

    private @Nullable Effort parsed(boolean networkGiven, @Nullable String layer) {
        if (effort == null) {
            return networkGiven || layer != null ? null : Effort.STANDARD;
        }
        if (effort.equalsIgnoreCase(NONE)) {
            return null;
        }
        if (layer != null && !networkGiven) {
            throw new InputException("--features " + layer + " names a layer of a network that --effort " + effort
                    + " is to choose; give --net, too");
        }
        try {
            return Effort.valueOf(effort.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "no effort '" + effort + "'; there are " + String.join(", ", new Candidates.Efforts()), e);
        }
    }

    @Override
    public String title() {
        return "Comparison";
    }
}
