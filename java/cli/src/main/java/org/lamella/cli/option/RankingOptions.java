package org.lamella.cli.option;

import org.lamella.evaluation.EmptyRows;
import picocli.CommandLine.Option;

/** How ranking metrics are counted. */
public final class RankingOptions {

    @Option(
            names = "--ranking-of-empty-rows",
            paramLabel = "NAME",
            defaultValue = "skip",
            description = "How rows without any label enter ranking metrics (ranking loss, average precision, "
                    + "coverage): skip leaves them out; one counts them as ranked perfectly, with the average "
                    + "precision 1, as scikit-learn does (default: ${DEFAULT-VALUE}).")
    private EmptyRows emptyRows;

    /** {@return how rows without any label count} */
    public EmptyRows emptyRows() {
        return emptyRows;
    }
}
