package org.lamella.cli.report;

import java.util.EnumSet;
import java.util.Set;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;

/** Tells findings that ask for something from notes. */
final class Problems {

    /** Choices, for information. */
    private static final Set<Code> NOTES =
            EnumSet.of(Code.TUNED_THRESHOLD, Code.EXCLUSIVE_LABELS, Code.COMBINED_NETWORKS, Code.LABELS_LEFT_OUT);

    private Problems() {}

    /** Whether a finding is a problem, not a guess about a file or a choice that was made. */
    static boolean isProblem(Finding finding) {
        return !finding.code().isGuess() && !NOTES.contains(finding.code());
    }
}
