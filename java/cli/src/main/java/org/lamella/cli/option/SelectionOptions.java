package org.lamella.cli.option;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.selection.Effort;
import picocli.CommandLine.Option;

/** How much is compared before the training. */
public final class SelectionOptions implements OptionGroup {

    private static final String NONE = "none";

    @Option(
            names = "--effort",
            completionCandidates = Candidates.Efforts.class,
            paramLabel = "NAME",
            description = "Compare scalings, networks and weight decay on the training rows first, and train with the "
                    + "best: quick (3 networks), standard (5) or thorough (10); their mean is the model. none: one "
                    + "network with the settings as they are. What is given by hand (--net, --scale, --learning-rate, "
                    + "--weight-decay) is kept and not compared (default: standard; with --net or --features none).")
    private @Nullable String effort;

    /**
     * How much is compared.
     *
     * @param networkGiven whether --net is given
     * @param layer --features, which names a layer of the network; null without
     * @return null to compare nothing
     * @throws InputException if the name is unknown, or a layer of a network is named that is to be chosen
     */
    public @Nullable Effort effort(boolean networkGiven, @Nullable String layer) {
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
            throw new InputException("no effort '" + effort + "'; there are none, quick, standard and thorough", e);
        }
    }

    @Override
    public String title() {
        return "Comparison";
    }
}
