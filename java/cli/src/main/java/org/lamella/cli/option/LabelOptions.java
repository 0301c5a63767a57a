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

    /** {@return the option that counts columns, if it was given; else null} */
    @Nullable
    String counted() {
        return last != null ? "--labels" : first != null ? "--labels-first" : null;
    }

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

    /**
     * Refuses all of them.
     *
     * @param options null if none of them was given
     * @param why a clause
     * @throws org.lamella.data.InputException if one of them was given
     */
    public static void requireNone(@Nullable LabelOptions options, String why) {
        if (options != null) {
            NoEffect.refuse(options.last, "--labels", why);
            NoEffect.refuse(options.first, "--labels-first", why);
            NoEffect.refuse(options.xml, "--labels-xml", why);
        }
    }
}
