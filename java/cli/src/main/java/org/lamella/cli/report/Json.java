package org.lamella.cli.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lamella.cli.option.Flags;
import org.lamella.finding.Finding;

/** JSON of reports: NaN and infinite numbers are written as null. */
public final class Json {

    private static final ObjectMapper MAPPER = org.lamella.json.Json.mapper()
            .copy()
            .registerModule(new SimpleModule()
                    .addSerializer(double.class, new NullForNan())
                    .addSerializer(Double.class, new NullForNan())
                    .addSerializer(double[].class, new NullsForNan())
                    .addSerializer(Finding.class, new FindingText()));

    private Json() {}

    /** {@return the mapper of all reports} */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * A record's components.
     *
     * @param values the record
     * @return values by their names, in order
     */
    public static Map<String, Object> fields(Object values) {
        return MAPPER.convertValue(values, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    /**
     * Indented JSON.
     *
     * @param value records, maps, lists, numbers, texts
     * @return several lines
     * @throws IllegalStateException if the value cannot be written as JSON
     */
    public static String pretty(Object value) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result is always writable as JSON", e);
        }
    }

    /** A finding in one line, with the flags of the command line. */
    private static final class FindingText extends StdSerializer<Finding> {
        private static final long serialVersionUID = 1;

        FindingText() {
            super(Finding.class);
        }

        @Override
        public void serialize(Finding finding, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(Flags.text(finding));
        }
    }

    private static final class NullForNan extends StdSerializer<Double> {
        private static final long serialVersionUID = 1;

        NullForNan() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (value.isNaN() || value.isInfinite()) {
                out.writeNull();
            } else {
                out.writeNumber(value);
            }
        }
    }

    private static final class NullsForNan extends StdSerializer<double[]> {
        private static final long serialVersionUID = 1;

        NullsForNan() {
            super(double[].class);
        }

        @Override
        public void serialize(double[] values, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartArray();
            for (double value : values) {
                if (Double.isFinite(value)) {
                    out.writeNumber(value);
                } else {
                    out.writeNull();
                }
            }
            out.writeEndArray();
        }
    }
}
