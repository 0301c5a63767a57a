package org.lamella.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final String NULL_NUMBER = "Cannot map `null`";
    private static final Pattern MISSING = Pattern.compile("Missing creator property '(\\w+)'");

    /** Refuses a component of a record that is missing, or a null number, instead of filling in null or 0. */
    static final ObjectReader STRICT = JSON.reader()
            .with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .with(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

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
            throw new InputException(file + ": damaged: " + reason(e) + RESTORE, e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** What a reader says, without the words of the JSON library. */
    private static String reason(Exception e) {
        Throwable cause = e;
        while (!(cause instanceof JsonProcessingException) && cause.getCause() instanceof JsonProcessingException) {
            cause = cause.getCause();
        }
        if (cause instanceof ValueInstantiationException && cause.getCause() instanceof IllegalArgumentException) {
            cause = cause.getCause(); // of the constructor of a record
        }
        String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        Matcher missing = MISSING.matcher(message);
        if (missing.find()) {
            return missing(missing.group(1));
        }
        return message.startsWith(NULL_NUMBER) && cause instanceof JsonMappingException m
                ? missing(m.getPath().stream()
                        .map(p -> p.getFieldName() == null ? "[" + p.getIndex() + "]" : p.getFieldName())
                        .reduce("", (all, p) -> all.isEmpty() || p.startsWith("[") ? all + p : all + "." + p))
                : message;
    }

    private static String missing(String field) {
        return "the field '" + field + "' is missing";
    }

    /** A field that must be there. */
    static JsonNode part(JsonNode json, String name) {
        if (!json.hasNonNull(name)) {
            throw new IllegalArgumentException(missing(name));
        }
        return json.path(name);
    }

    /**
     * Refuses a description in which something is missing that a reader filled in.
     *
     * @param json the description
     * @param whole the description that is written for what was read
     * @param path of both in the file; empty at its root
     */
    static void requireAll(JsonNode json, JsonNode whole, String path) {
        if (json.isMissingNode() || (json.isNull() && !whole.isNull())) {
            throw new IllegalArgumentException(missing(path));
        }
        whole.properties()
                .forEach(field -> requireAll(
                        json.path(field.getKey()),
                        field.getValue(),
                        path.isEmpty() ? field.getKey() : path + "." + field.getKey()));
        for (int i = 0; whole.isArray() && i < whole.size(); i++) {
            if (whole.path(i).isContainerNode() || !json.hasNonNull(i)) { // a path per number would take long
                requireAll(json.path(i), whole.path(i), path + "[" + i + "]");
            }
        }
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
