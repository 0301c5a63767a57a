package org.lamella.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamella.data.LabelSelection;
import picocli.CommandLine.Option;

/** Which columns are labels; at most one of the three. */
public final class LabelOptions {

    @Option(names = "--labels", paramLabel = "N", description = "The last N columns are labels.")
    private @Nullable Integer last;

    @Option(names = "--labels-first", paramLabel = "N", description = "The first N columns are labels.")
    private @Nullable Integer first;

    @Option(names = "--labels-xml", paramLabel = "FILE", description = "Mulan's XML file of label names.")
    private @Nullable Path xml;

    private LabelSelection selection() {
        if (last != null) {
            return LabelSelection.last(last);
        }
        if (first != null) {
            return LabelSelection.first(first);
        }
        return xml != null ? LabelSelection.xml(xml) : LabelSelection.declared();
    }

    /**
     * Which columns are labels.
     *
     * @param options null if none of them was given
     * @return the selection; without options, what the file declares
     */
    public static LabelSelection of(@Nullable LabelOptions options) {
        return options == null ? LabelSelection.declared() : options.selection();
    }
}
