package org.lamella.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.data.InputException;
import org.lamella.device.Weights;
import org.lamella.file.AtomicFiles;
import org.lamella.json.Json;
import org.lamella.model.Safetensors;

/**
 * A run's whole state after an epoch, in one file that is replaced atomically: {@code latest.safetensors}. The weights
 * of the best epoch stand in a file of their own that it names, written first.
 *
 * @param epoch epochs done
 * @param bestEpoch the epoch with the smallest validation loss; 0 if there is none
 * @param bestLoss its validation loss
 * @param history all epochs so far
 * @param settings what the run was started with, as JSON
 * @param fingerprint of the network and the data
 */
record Checkpoint(
        int epoch, int bestEpoch, double bestLoss, List<EpochResult> history, String settings, String fingerprint) {

    private static final ObjectMapper JSON = Json.mapper();
    private static final String LATEST = "latest.safetensors";

    static boolean exists(Path folder) {
        return Safetensors.exists(folder.resolve(LATEST));
    }

    void write(Path folder, Weights weights) throws IOException {
        Map<String, Safetensors.Entry> tensors = new LinkedHashMap<>();
        for (Weights.Kind kind : Weights.Kind.values()) {
            if (kind != Weights.Kind.GRADIENTS && weights.count(kind) > 0) {
                float[] all = weights.read(kind);
                tensors.put(
                        kind.name().toLowerCase(java.util.Locale.ROOT),
                        new Safetensors.Entry(new int[] {all.length}, all));
            }
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("epoch", Integer.toString(epoch));
        metadata.put("best_epoch", Integer.toString(bestEpoch));
        metadata.put("best_loss", Double.toString(bestLoss));
        metadata.put("history", JSON.writeValueAsString(history));
        metadata.put("settings", settings);
        metadata.put("fingerprint", fingerprint);
        AtomicFiles.replace(folder.resolve(LATEST), p -> new Safetensors(tensors, metadata).write(p));
        dropOldBest(folder);
    }

    private void dropOldBest(Path folder) throws IOException {
        for (Path f : list(folder, "best-*.safetensors")) {
            if (!f.equals(best(folder, bestEpoch))) {
                Files.deleteIfExists(f);
            }
        }
    }

    /** Removes what an earlier run left: nothing of it may be taken for this one's. */
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
        }
        return found;
    }

    static Checkpoint read(Path folder, Weights weights) {
        Safetensors file = Safetensors.read(folder.resolve(LATEST));
        Map<String, String> m = file.metadata();
        for (Weights.Kind kind : Weights.Kind.values()) {
            if (kind != Weights.Kind.GRADIENTS && weights.count(kind) > 0) {
                float[] values = file.values(kind.name().toLowerCase(java.util.Locale.ROOT));
                if (values.length != weights.count(kind)) {
                    throw new InputException(folder + ": the checkpoint belongs to another network");
                }
                weights.write(kind, 0, values);
            }
        }
        try {
            return new Checkpoint(
                    Integer.parseInt(m.get("epoch")),
                    Integer.parseInt(m.get("best_epoch")),
                    Double.parseDouble(m.get("best_loss")),
                    Arrays.asList(JSON.readValue(m.get("history"), EpochResult[].class)),
                    m.get("settings"),
                    m.get("fingerprint"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Settings and fingerprint of a checkpoint, without its weights. */
    static String[] identity(Path folder) {
        Map<String, String> m = Safetensors.read(folder.resolve(LATEST)).metadata();
        return new String[] {m.get("settings"), m.get("fingerprint")};
    }

    static Path best(Path folder, int epoch) {
        return folder.resolve(String.format(java.util.Locale.ROOT, "best-%06d.safetensors", epoch));
    }

    static void writeBest(Path folder, int epoch, float[] parameters, float[] statistics) throws IOException {
        AtomicFiles.replace(
                best(folder, epoch),
                p -> new Safetensors(
                                Map.of(
                                        "parameters", new Safetensors.Entry(new int[] {parameters.length}, parameters),
                                        "statistics", new Safetensors.Entry(new int[] {statistics.length}, statistics)),
                                Map.of())
                        .write(p));
    }
}
