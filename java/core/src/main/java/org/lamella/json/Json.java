package org.lamella.json;

import com.fasterxml.jackson.databind.ObjectMapper;

/** The mapper of all files that the engine writes and reads. */
public final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    /**
     * The mapper: names of records' components as they are, or as their annotations say; numbers that are not finite as
     * strings, so that they come back.
     *
     * @return shared; not to be configured, but copied
     */
    public static ObjectMapper mapper() {
        return MAPPER;
    }
}
