package org.lamella.cli.report;

import java.io.PrintStream;
import java.util.Collection;
import org.lamella.cli.option.Flags;
import org.lamella.cli.stream.Inputs;
import org.lamella.finding.Finding;

/** Prints findings, one line each: guesses about files as notes, problems as findings. */
public final class FindingText {

    private FindingText() {}

    /**
     * Prints all of them.
     *
     * @param out where to
     * @param findings in their order
     */
    public static void print(PrintStream out, Collection<Finding> findings) {
        findings.forEach(f -> out.println((f.code().isGuess() ? "note: " : "finding: ") + Inputs.text(Flags.text(f))));
    }

    /**
     * Whether there is a problem among some findings.
     *
     * @param findings any number
     * @return false if all of them are guesses about files
     */
    public static boolean hasProblem(Collection<Finding> findings) {
        return findings.stream().anyMatch(f -> !f.code().isGuess());
    }
}
