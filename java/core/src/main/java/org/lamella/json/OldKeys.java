package org.lamella.json;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of earlier versions have some keys in camelCase: {@code kernelH} where {@code kernel_h} is written now. */
public final class OldKeys {

    /** Names in camelCase, before a colon. A quote after a backslash is part of a text. */
    private static final Pattern KEY = Pattern.compile("(?<!\\\\)\"([a-z]+[A-Z][A-Za-z0-9]*)\"(?=\\s*:)");

    private static final SnakeCaseStrategy SNAKE_CASE = new SnakeCaseStrategy();

    private OldKeys() {}

    /**
     * Replaces keys in camelCase. Values and lines remain as they are, so that messages still name the right line.
     *
     * @param json any JSON whose keys are names of this engine, not data
     * @return the same with all keys in snake_case
     */
    public static String replaced(String json) {
        return KEY.matcher(json)
                .replaceAll(key -> Matcher.quoteReplacement('"' + SNAKE_CASE.translate(key.group(1)) + '"'));
    }
}
