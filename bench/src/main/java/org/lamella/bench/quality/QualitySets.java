package org.lamella.bench.quality;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.lamella.data.InputException;
import org.lamella.file.FileFailure;
import org.lamella.json.Json;
import org.lamella.text.Suggestion;

/** The descriptions of data sets: those of {@code sets.json}, or of another file of the same form. */
public final class QualitySets {

    private static final String OWN = "sets.json";

    private static final ObjectReader JSON = Json.mapper()
            .readerForListOf(QualitySet.class)
            .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private QualitySets() {}

    /**
     * The data sets that are known here.
     *
     * @return in the order in which they run: those that take little time first
     * @throws UncheckedIOException if the program's own file cannot be read
     */
    public static List<QualitySet> known() {
        try (InputStream in = Objects.requireNonNull(QualitySets.class.getResourceAsStream(OWN), OWN)) {
            return read(OWN, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Descriptions from a file.
     *
     * @param file JSON, a list of objects with the components of {@link QualitySet} in snake_case
     * @return in the order of the file
     * @throws InputException if it cannot be read, or a description is not complete
     */
    public static List<QualitySet> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private static List<QualitySet> read(String source, InputStream in) throws IOException {
        List<QualitySet> sets;
        try {
            sets = JSON.readValue(in);
        } catch (JsonProcessingException e) {
            String reason = e.getCause() instanceof InputException own ? own.getMessage() : e.getOriginalMessage();
            throw new InputException(source + ": no descriptions of data sets: " + reason, e);
        }
        Set<String> names = new HashSet<>();
        sets.forEach(set -> {
            if (!names.add(set.name())) {
                throw new InputException(source + ": two data sets have the name '" + set.name() + "'");
            }
        });
        return sets;
    }

    /**
     * Some of the sets.
     *
     * @param sets all sets
     * @param names of those wanted; empty for all
     * @return in the order of the names, each once
     * @throws InputException if there is no set of a name
     */
    public static List<QualitySet> select(List<QualitySet> sets, List<String> names) {
        if (names.isEmpty()) {
            return sets;
        }
        Map<String, QualitySet> byName = new LinkedHashMap<>();
        sets.forEach(set -> byName.put(set.name(), set));
        List<QualitySet> chosen = new ArrayList<>();
        for (String name : names) {
            QualitySet set = byName.get(name);
            if (set == null) {
                throw new InputException("no data set '" + name + "'" + Suggestion.didYouMean(name, byName.keySet())
                        + "; there are " + String.join(", ", byName.keySet()));
            }
            if (!chosen.contains(set)) {
                chosen.add(set);
            }
        }
        return chosen;
    }
}
