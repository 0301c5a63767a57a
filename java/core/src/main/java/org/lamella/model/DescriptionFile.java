package org.lamella.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.lamella.data.InputException;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.json.Json;
import org.lamella.network.Network;
import org.lamella.text.Wording;

/** Reads {@code model.json}; whatever is wrong with it is an {@link InputException} of one line. */
final class DescriptionFile {

    static final int FORMAT = 2;
    /** Format 1 differs in keys of the network in camelCase, which {@link Network#fromJson} reads as well. */
    private static final int OLDEST_FORMAT = 1;

    private static final String RESTORE = "; restore the file, or train again";
    private static final ObjectMapper JSON = Json.mapper();

    /** Makes something of a description. */
    @FunctionalInterface
    interface Reader<T> {
        T of(JsonNode json) throws IOException;
    }

    private DescriptionFile() {}

    /** Reads the file of a folder. */
    static <T> T read(Path folder, Reader<T> reader) {
        Path file = folder.resolve(Model.DESCRIPTION);
        if (!Files.isRegularFile(file)) {
            throw missing(folder);
        }
        try {
            JsonNode json = JSON.readTree(file.toFile());
            int written = json.path("format").asInt();
            if (written < OLDEST_FORMAT || written > FORMAT) {
                throw new InputException(file + ": written by another version (format "
                        + json.path("format").asText("missing") + ", this one reads " + OLDEST_FORMAT + " to " + FORMAT
                        + ")");
            }
            return reader.of(json);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new InputException(
                    file + ": damaged: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + RESTORE,
                    e);
        } catch (NullPointerException e) { // of a constructor that a missing field reached as null
            throw new InputException(file + ": damaged: a field is missing" + RESTORE, e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** A field that must be there. */
    static JsonNode part(JsonNode json, String name) {
        if (!json.hasNonNull(name)) {
            throw new IllegalArgumentException("the field '" + name + "' is missing");
        }
        return json.path(name);
    }

    /** The folders of folds appear one after the other; the description of all comes last. */
    private static InputException missing(Path folder) {
        List<String> there = models(folder);
        return there.isEmpty()
                ? new InputException(folder + ": no model.json; expected the folder of a trained model")
                : new InputException(Phrase.format(
                        "%s: no model.json; expected the folder of a trained model. There are models in its folders "
                                + "%s: if a cross-validation was stopped, continue it with %s; or name one of them, "
                                + "as %s",
                        folder, Wording.some(there), Setting.RESUME, folder.resolve(there.get(0))));
    }

    /** The names of the numbered folders in a folder that have a model, fold-2 before fold-10. */
    private static List<String> models(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> Files.isRegularFile(f.resolve(Model.DESCRIPTION)))
                    .map(f -> f.getFileName().toString())
                    .filter(name -> name.matches(".+-[0-9]+"))
                    .sorted(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException e) {
            return List.of(); // it is only for a message
        }
    }
}
