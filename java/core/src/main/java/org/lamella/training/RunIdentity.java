package org.lamella.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.json.Json;
import org.lamella.optimization.LossConfig;

/**
 * What a run and a checkpoint must have in common: only then does a resumed run end with the same bits. More epochs are
 * allowed.
 *
 * @param settings as JSON
 * @param fingerprint checksums of the network, the data and the split, see {@link #PARTS}
 */
record RunIdentity(String settings, String fingerprint) {

    private static final String EPOCHS = "epochs";
    private static final String SEPARATOR = "-";

    /** The parts of a fingerprint. */
    private static final List<Phrase> PARTS = List.of(
            Phrase.format("the network (%s)", Setting.NETWORK),
            Phrase.format("the data, its labels or its encoding (%s)", Setting.ENCODING),
            Phrase.format("the split (%s, %s or %s)", Setting.PARTITION, Setting.FOLDS, Setting.GROUPS));

    private static final int SPLIT = 2;

    /** The setting of each key in JSON; {@code momentum} is in {@link #setting}. */
    private static final Map<String, Setting> SETTINGS = Map.ofEntries(
            Map.entry(EPOCHS, Setting.EPOCHS),
            Map.entry("batch", Setting.BATCH),
            Map.entry("learning_rate", Setting.LEARNING_RATE),
            Map.entry("weight_decay", Setting.WEIGHT_DECAY),
            Map.entry("optimizer", Setting.OPTIMIZER),
            Map.entry("schedule", Setting.SCHEDULE),
            Map.entry("warmup", Setting.WARMUP),
            Map.entry("early_stopping", Setting.EARLY_STOPPING),
            Map.entry("best_by", Setting.BEST_BY),
            Map.entry("scale", Setting.SCALING),
            Map.entry("positive_weight_auto", Setting.POSITIVE_WEIGHT),
            Map.entry("positive_weights", Setting.POSITIVE_WEIGHT),
            Map.entry("loss", Setting.LOSS),
            Map.entry("sampling", Setting.SAMPLING),
            Map.entry("decisions", Setting.DECISIONS),
            Map.entry("ranking_of_empty_rows", Setting.EMPTY_ROWS),
            Map.entry("seed", Setting.SEED));

    static RunIdentity of(TrainingTask task) {
        try {
            return new RunIdentity(Json.mapper().writeValueAsString(task.settings()), fingerprint(task));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings are always writable as JSON", e);
        }
    }

    private static String fingerprint(TrainingTask task) {
        Dataset data = task.data();
        CRC32 network = new CRC32();
        network.update(task.network().toJson().getBytes(StandardCharsets.UTF_8));
        CRC32 values = new CRC32();
        values.update((data.labels() + "\n" + data.columns()).getBytes(StandardCharsets.UTF_8));
        ByteBuffer row = ByteBuffer.allocate(Float.BYTES * data.width());
        for (int r = 0; r < data.size(); r++) {
            row.asFloatBuffer().put(data.features()[r]);
            values.update(row.array());
            values.update(data.targets()[r]);
        }
        CRC32 split = new CRC32();
        int number = 0;
        for (Partition.Part part : Partition.Part.values()) {
            for (int r : task.partition().rows(part)) {
                split.update(ByteBuffer.allocate(2 * Integer.BYTES)
                        .putInt(number)
                        .putInt(r)
                        .array());
            }
            number++;
        }
        return String.join(
                SEPARATOR,
                Long.toHexString(network.getValue()),
                Long.toHexString(values.getValue()),
                Long.toHexString(split.getValue()));
    }

    /**
     * Checks that this run can continue from a checkpoint.
     *
     * @param written of the run that wrote the checkpoint
     * @param folder of the checkpoint, for messages
     * @throws InputException naming the settings that differ
     */
    void requireSame(RunIdentity written, Path folder) {
        List<Phrase> changed = changedSettings(written);
        changed.addAll(changedParts(written));
        if (!changed.isEmpty()) {
            throw new InputException(Phrase.format(
                    "%s: %s continues the same run, and these differ: %s; set them back, or start anew with another "
                            + "%s, or %s (only more %s are allowed)",
                    folder,
                    Setting.RESUME,
                    Phrase.join(", ", changed),
                    Setting.OUTPUT,
                    Setting.OVERWRITE,
                    Setting.EPOCHS));
        }
    }

    private List<Phrase> changedSettings(RunIdentity written) {
        JsonNode before = tree(written.settings);
        JsonNode now = tree(settings);
        List<Phrase> changed = new ArrayList<>();
        now.properties().forEach(field -> {
            JsonNode old = before.path(field.getKey());
            boolean moreEpochs =
                    field.getKey().equals(EPOCHS) && field.getValue().asInt() >= old.asInt();
            boolean bothDefault = field.getValue().isNull() && old.isMissingNode();
            if (!field.getValue().equals(old) && !moreEpochs && !bothDefault) {
                changed.add(Phrase.format(
                        "%s (was %s, now %s)",
                        setting(field.getKey(), now),
                        text(field.getKey(), old),
                        text(field.getKey(), field.getValue())));
            }
        });
        return changed;
    }

    private static Object setting(String key, JsonNode settings) {
        if (key.equals("momentum")) {
            return settings.path("optimizer").asText().startsWith("ADAM") ? Setting.BETA1 : Setting.MOMENTUM;
        }
        return SETTINGS.containsKey(key) ? SETTINGS.get(key) : key;
    }

    /** A value as it is given. */
    private static String text(String key, JsonNode value) {
        if (value.isNull() || value.isMissingNode() || value.asText().equals("NaN")) {
            return "the default";
        }
        return switch (key) {
            case "positive_weight_auto" -> value.asBoolean() ? "auto" : "not auto";
            case "positive_weights" -> "a list of numbers";
            case "decisions" -> read(value, DecisionMethod.class).text();
            case "loss" -> read(value, LossConfig.class).text();
            default ->
                value.isTextual() ? value.asText().toLowerCase(Locale.ROOT).replace('_', '-') : value.asText();
        };
    }

    private static <T> T read(JsonNode value, Class<T> type) {
        try {
            return Json.mapper().treeToValue(value, type);
        } catch (JsonProcessingException e) {
            throw new InputException("the settings of a checkpoint are damaged: " + e.getOriginalMessage(), e);
        }
    }

    private List<Phrase> changedParts(RunIdentity written) {
        String[] before = written.fingerprint.split(SEPARATOR, -1);
        String[] now = fingerprint.split(SEPARATOR, -1);
        List<Phrase> changed = new ArrayList<>();
        for (int i = 0; i < now.length; i++) {
            boolean other = before.length != now.length || !before[i].equals(now[i]);
            if (other && !(i == SPLIT && otherSeed(written))) { // the seed decides the split, and is named
                changed.add(PARTS.get(i));
            }
        }
        return changed;
    }

    private boolean otherSeed(RunIdentity written) {
        return !tree(settings).path("seed").equals(tree(written.settings).path("seed"));
    }

    /** Epochs of the whole run. */
    int epochs() {
        return tree(settings).path(EPOCHS).asInt();
    }

    private static JsonNode tree(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new InputException("the settings of a checkpoint are damaged: " + e.getOriginalMessage(), e);
        }
    }
}
