package org.lamella.selection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.json.Json;

/**
 * The finished trials of a search, each a line of JSON, as soon as it is finished. The first line says which search it
 * is: only the same one goes on from the file. A last line that is not complete, as of a process that was killed, is
 * removed.
 */
final class TrialFile {

    /** A configuration and its epochs. */
    private record Key(int number, int epochs) {}

    private final @Nullable Path file;
    private final Map<Key, TuningTrial> all = new LinkedHashMap<>();

    private TrialFile(@Nullable Path file) {
        this.file = file;
    }

    /**
     * Reads the file, or begins it.
     *
     * @param file null to write nothing
     * @param search what identifies the search, by names for messages
     * @throws InputException if the file cannot be read, or is that of another search
     */
    static TrialFile open(@Nullable Path file, Map<String, String> search) {
        TrialFile trials = new TrialFile(file);
        if (file == null) {
            return trials;
        }
        try {
            if (Files.exists(file)) {
                trials.read(file, search);
            }
            if (trials.all.isEmpty() && !trials.begun(file)) {
                Files.writeString(file, Json.mapper().writeValueAsString(search) + "\n");
            }
            return trials;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean begun(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }

    private void read(Path file, Map<String, String> search) throws IOException {
        String text = Files.readString(file);
        String complete = text.substring(0, text.lastIndexOf('\n') + 1);
        if (complete.length() < text.length()) {
            Files.writeString(file, complete);
        }
        List<String> lines = complete.lines().toList();
        if (lines.isEmpty()) {
            return;
        }
        requireSame(file, parse(file, 1, lines.get(0), new TypeReference<>() {}), search);
        for (int number = 2; number <= lines.size(); number++) {
            TuningTrial trial = parse(file, number, lines.get(number - 1), new TypeReference<>() {});
            all.put(new Key(trial.number(), trial.epochs()), trial);
        }
    }

    private static <T> T parse(Path file, int number, String line, TypeReference<T> type) {
        try {
            return Json.mapper().readValue(line, type);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    Phrase.format(
                            "%s: line %d is damaged: %s; remove the line, give another %s, or %s",
                            file, number, e.getOriginalMessage(), Setting.OUTPUT, Setting.OVERWRITE),
                    e);
        }
    }

    private static void requireSame(Path file, Map<String, String> written, Map<String, String> search) {
        List<String> changed = new ArrayList<>();
        search.forEach((name, value) -> {
            if (!value.equals(written.get(name))) {
                changed.add(name);
            }
        });
        if (!changed.isEmpty()) {
            throw new InputException(Phrase.format(
                    "%s: has the trials of another search, and these differ: %s; set them back to go on from it, give "
                            + "another %s, or %s",
                    file, String.join(", ", changed), Setting.OUTPUT, Setting.OVERWRITE));
        }
    }

    /** {@return the trial of a configuration with some epochs; null if it is not finished} */
    @Nullable
    TuningTrial find(int number, int epochs) {
        return all.get(new Key(number, epochs));
    }

    /** Adds a finished trial. */
    synchronized void add(TuningTrial trial) {
        all.put(new Key(trial.number(), trial.epochs()), trial);
        if (file != null) {
            try {
                Files.write(
                        file,
                        (Json.mapper().writeValueAsString(trial) + "\n").getBytes(StandardCharsets.UTF_8),
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
