package org.lamella.cli.option;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.FeatureColumn;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.model.Classifier;
import picocli.CommandLine.Option;

/**
 * The options of {@link SequenceEncodingOptions} where a model is used. The model has its encoding, so each is refused
 * with what the model has; help does not show them.
 */
@SuppressWarnings("UnusedVariable") // NoEffect reads all fields
final class ModelEncodingOptions {

    @Option(names = "--length", hidden = true)
    private @Nullable String length;

    @Option(names = "--crop", hidden = true)
    private @Nullable String crop;

    @Option(names = "--encoding", hidden = true)
    private @Nullable String encoding;

    @Option(names = "--k", hidden = true)
    private @Nullable String k;

    @Option(names = "--lag", hidden = true)
    private @Nullable String lag;

    @Option(names = "--pse-weight", hidden = true)
    private @Nullable String weight;

    @Option(names = "--alphabet", hidden = true)
    private @Nullable String alphabet;

    @Option(names = "--strip-gaps", hidden = true)
    private boolean stripGaps;

    /**
     * Refuses each of them.
     *
     * @param model has the encoding
     * @throws org.lamella.data.InputException if one of them was given
     */
    void refuse(Classifier model) {
        NoEffect.refuseAll(this, why(model.columns()));
    }

    private static String why(List<FeatureColumn> columns) {
        for (FeatureColumn column : columns) {
            if (column.sequence() != null) {
                return "it belongs to the model, which was trained with " + text(column.sequence());
            }
        }
        return "it belongs to the model, which was trained without sequences";
    }

    private static String text(SequenceEncoding e) {
        StringBuilder text = new StringBuilder("--encoding " + e.method().text() + " --alphabet "
                + e.alphabet().text());
        if (e.keepsPositions()) {
            text.append(" --length ")
                    .append(e.length())
                    .append(" --crop ")
                    .append(e.crop().text());
        }
        if (e.method().hasWordLength()) {
            text.append(" --k ").append(e.k());
        }
        if (e.method().hasLag()) {
            text.append(" --lag ").append(e.lag());
        }
        if (e.method().hasWeight()) {
            text.append(" --pse-weight ").append(e.weight());
        }
        return text.append(e.stripGaps() ? " --strip-gaps" : "").toString();
    }
}
