package org.lamella.data;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.json.Json;

/**
 * What the columns of a file are, and why. Reading a file makes one; a schema from a file changes types and roles.
 *
 * @param columns the columns of the file, in its order
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Schema(List<Column> columns) {

    /** Types of columns. */
    public enum Type {
        /** Numbers. */
        @JsonProperty("number")
        NUMBER,
        /** Texts, character for character. */
        @JsonProperty("text")
        TEXT;

        /** {@return the name in files} */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The use of a column. */
    public enum Role {
        /** An input of the network. */
        @JsonProperty("feature")
        FEATURE,
        /** A label. */
        @JsonProperty("label")
        LABEL,
        /** The names of the rows. */
        @JsonProperty("id")
        ID,
        /** Not used. */
        @JsonProperty("ignored")
        IGNORED;

        /** {@return the name in files} */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A column.
     *
     * @param name its name in the file
     * @param type numbers or texts; null in a file that leaves the type open
     * @param missing number of missing cells by their spelling; empty if there are none
     * @param role its use; null in a file that leaves the role open
     * @param why the reason for type and role
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Column(
            @JsonProperty("column") String name,
            @Nullable Type type,
            Map<String, Integer> missing,
            @Nullable Role role,
            String why) {

        /** Copies the counts; null for missing counts or reason, as in a file written by hand, means none. */
        public Column {
            missing = missing == null ? Map.of() : new LinkedHashMap<>(missing);
            why = why == null ? "" : why;
        }
    }

    private static final String FORM = "{\"columns\": [{\"column\": \"NAME\", \"type\": \"number|text\", "
            + "\"role\": \"feature|label|id|ignored\"}]}";

    /** Copies the lists; null, as in a file written by hand, means none. */
    public Schema {
        columns = columns == null ? List.of() : List.copyOf(columns);
    }

    /**
     * Reads a schema: what {@code inspect} prints as JSON, or its part {@code schema}.
     *
     * @param file JSON
     * @return the schema
     * @throws InputException if the file cannot be read or is no schema
     */
    public static Schema read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file");
        }
        try {
            JsonNode json = Json.mapper().readTree(file.toFile());
            Schema schema = Json.mapper().treeToValue(json.has("schema") ? json.get("schema") : json, Schema.class);
            Set<String> names = new HashSet<>();
            for (Column c : schema == null ? List.<Column>of() : schema.columns) {
                if (c.name == null || !names.add(c.name)) {
                    throw new InputException(file + ": a schema names each column once, "
                            + (c.name == null ? "one has no name" : "'" + c.name + "' appears twice"));
                }
            }
            if (names.isEmpty()) {
                throw new InputException(file + ": no columns in it; a schema is " + FORM);
            }
            return schema;
        } catch (InvalidFormatException e) {
            throw new InputException(
                    file + ": not a schema: '" + e.getValue()
                            + "' is neither a type (number, text) nor a role (feature, " + "label, id, ignored)",
                    e);
        } catch (MismatchedInputException e) {
            throw new InputException(file + ": not a schema; a schema is " + FORM, e);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + ": not a schema: "
                            + String.valueOf(e.getOriginalMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""),
                    e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * A column.
     *
     * @param name its name in the file
     * @return the column; null if there is none
     */
    public @Nullable Column column(String name) {
        return columns.stream().filter(c -> c.name.equals(name)).findFirst().orElse(null);
    }

    /** {@return the types that it sets, by the names of columns} */
    @JsonIgnore
    public Map<String, Type> types() {
        Map<String, Type> types = new LinkedHashMap<>();
        for (Column c : columns) {
            if (c.type != null) {
                types.put(c.name, c.role == Role.ID ? Type.TEXT : c.type);
            } else if (c.role == Role.ID) {
                types.put(c.name, Type.TEXT);
            }
        }
        return types;
    }

    /**
     * The columns of a role.
     *
     * @param role the role
     * @return their names
     */
    public List<String> named(Role role) {
        return columns.stream().filter(c -> c.role == role).map(Column::name).toList();
    }
}
