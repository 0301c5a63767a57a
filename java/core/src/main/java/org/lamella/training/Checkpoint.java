package org.lamella.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamella.backend.Weights;
import org.lamella.data.InputException;
import org.lamella.file.AtomicFiles;
import org.lamella.file.Safetensors;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.json.Json;

/**
 * The state of a run after an epoch, in one file that is replaced atomically: {@code latest.safetensors}. The weights
 * of the best epoch are in a file of their own, {@code best-EPOCH.safetensors}, which is written first.
 *
 * @param epoch the last epoch that is complete
 * @param best the best epoch so far
 * @param history all epochs so far
 * @param identity of the run
 */
record Checkpoint(int epoch, BestEpoch best, List<EpochResult> history, RunIdentity identity) {

    private static final ObjectMapper JSON = Json.mapper();
    private static final String LATEST = "latest.safetensors";
    /** Version of the metadata. The first version had none, and camelCase keys in its settings and history. */
    private static final String FORMAT = "2";

    static boolean exists(Path folder) {
        return Safetensors.exists(folder.resolve(LATEST));
    }

    void write(Path folder, Weights weights) throws IOException {
        Path bestFile = bestFile(folder, best.epoch());
        if (best.exists() && !Safetensors.exists(bestFile)) {
            writeBest(bestFile);
        }
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        for (Weights.Kind kind : saved(weights)) {
            tensors.put(name(kind), entry(weights.read(kind)));
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("epoch", Integer.toString(epoch));
        metadata.put("best_epoch", Integer.toString(best.epoch()));
        metadata.put("history", JSON.writeValueAsString(history));
        metadata.put("settings", identity.settings());
        metadata.put("fingerprint", identity.fingerprint());
        AtomicFiles.replace(folder.resolve(LATEST), p -> new Safetensors(tensors, metadata).write(p));
        removeAllBut(bestFile, folder);
    }

    /** The weights of earlier best epochs only take space: one that stays is removed after the next checkpoint. */
    private static void removeAllBut(Path bestFile, Path folder) {
        try {
            for (Path f : list(folder, "best-*.safetensors")) {
                if (!f.equals(bestFile)) {
                    Files.deleteIfExists(f);
                }
            }
        } catch (IOException e) {
            return;
        }
    }

    private void writeBest(Path file) throws IOException {
        Map<String, Safetensors.Entry> tensors =
                Map.of("parameters", entry(best.parameters()), "statistics", entry(best.statistics()));
        AtomicFiles.replace(file, p -> new Safetensors(tensors, Map.of()).write(p));
    }

    private static Safetensors.Entry entry(float[] values) {
        return new Safetensors.Entry(new int[] {values.length}, values);
    }

    /** Removes the checkpoints of an earlier run: a later resume must not take them for those of this one. */
    static void clear(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            for (Path f : list(folder, "*.safetensors")) {
                Files.deleteIfExists(f);
            }
        }
    }

    private static List<Path> list(Path folder, String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, pattern)) {
            files.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /**
     * Reads the last checkpoint.
     *
     * @param folder has a checkpoint
     * @param identity of the run that continues from it
     * @param by the value of the best epoch
     * @param weights receive the values of the checkpoint
     * @throws InputException if the checkpoint is damaged, or is that of another run or another version
     */
    static Checkpoint read(Path folder, RunIdentity identity, BestBy by, Weights weights) {
        Safetensors file = Safetensors.read(folder.resolve(LATEST));
        Metadata metadata = new Metadata(folder, file.metadata());
        if (!FORMAT.equals(file.metadata().get("format"))) {
            throw new InputException(Phrase.format(
                    "%s: its checkpoint was written by another version of this program; start anew with another %s, "
                            + "or %s",
                    folder, Setting.OUTPUT, Setting.OVERWRITE));
        }
        RunIdentity written = new RunIdentity(metadata.get("settings"), metadata.get("fingerprint"));
        identity.requireSame(written, folder);
        for (Weights.Kind kind : saved(weights)) {
            float[] values = file.values(name(kind));
            if (values.length != weights.count(kind)) {
                throw new InputException(folder + ": the checkpoint belongs to another network");
            }
            weights.write(kind, 0, values);
        }
        try {
            List<EpochResult> history = Arrays.asList(JSON.readValue(metadata.get("history"), EpochResult[].class));
            return new Checkpoint(
                    Integer.parseInt(metadata.get("epoch")), readBest(folder, metadata, by, history), history, written);
        } catch (JsonProcessingException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new InputException(Phrase.format(
                    "%s: damaged: its text cannot be read; start anew with another %s, or %s",
                    folder.resolve(LATEST), Setting.OUTPUT, Setting.OVERWRITE));
        }
    }

    /** Texts of a checkpoint's file. */
    private record Metadata(Path folder, Map<String, String> texts) {

        String get(String key) {
            String text = texts.get(key);
            if (text == null) {
                throw new InputException(folder.resolve(LATEST) + ": damaged: no " + key);
            }
            return text;
        }
    }

    private static BestEpoch readBest(Path folder, Metadata metadata, BestBy by, List<EpochResult> history) {
        int epoch = Integer.parseInt(metadata.get("best_epoch"));
        if (epoch == 0) {
            return BestEpoch.NONE;
        }
        Safetensors file = Safetensors.read(bestFile(folder, epoch));
        return new BestEpoch(
                epoch, by.of(history.get(epoch - 1)), file.values("parameters"), file.values("statistics"));
    }

    private static Path bestFile(Path folder, int epoch) {
        return folder.resolve(String.format(Locale.ROOT, "best-%06d.safetensors", epoch));
    }

    /** The arrays that the next step depends on: all but the gradients. */
    static List<Weights.Kind> saved(Weights weights) {
        return Arrays.stream(Weights.Kind.values())
                .filter(kind -> kind != Weights.Kind.GRADIENTS && weights.count(kind) > 0)
                .toList();
    }

    private static String name(Weights.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
