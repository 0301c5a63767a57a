package org.lamella.bench.quality;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a training chose, in a few words. */
final class Chosen {

    /** What was compared, from the best to the worst. */
    private static final String FILE = "selection.json";

    private static final String NETWORK = "network";

    private Chosen() {}

    /**
     * The best candidate of a comparison: network, scaling, and its other settings.
     *
     * @param run folder of the training
     * @param network its name, for a training that compared nothing
     * @return for example {@code mlp-small, scale maxabs, weight decay 0.01}
     */
    static String of(Path run, String network) {
        Path file = run.resolve(FILE);
        if (Files.notExists(file)) {
            return network;
        }
        JsonNode best =
                RunResult.json(file).path("selection").path("trials").path(0).path("candidate");
        List<String> words = new ArrayList<>(List.of(best.path(NETWORK).asText(network)));
        best.properties().forEach(setting -> {
            if (!setting.getKey().equals(NETWORK)
                    && setting.getValue().isValueNode()
                    && !setting.getValue().isNull()) {
                words.add(setting.getKey().replace('_', ' ') + " " + text(setting.getValue()));
            }
        });
        return String.join(", ", words);
    }

    private static String text(JsonNode value) {
        return value.isNumber()
                ? new BigDecimal(value.asText()).stripTrailingZeros().toPlainString()
                : value.asText().toLowerCase(Locale.ROOT);
    }
}
