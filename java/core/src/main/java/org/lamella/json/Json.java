package org.lamella.json;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The mapper of all files that the engine writes and reads. */
public final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Json() {}

    /**
     * The mapper: keys in snake_case (the component {@code bestEpoch} of a record is {@code best_epoch}); numbers that
     * are not finite as strings, which are read as numbers again.
     *
     * @return shared; copy it before configuring it
     */
    public static ObjectMapper mapper() {
        return MAPPER;
    }
}
