package org.lamella.data.rows;

import java.util.List;

/**
 * The column of a table of learned features that says what their model used each row for. It is no feature: a network
 * that learned from it would learn which rows another one knows.
 */
public final class PartColumn {

    /** Its name. */
    public static final String NAME = "part";

    /** Its value for a row that the model does not know. */
    public static final String NEW = "new";

    /** All its values. */
    public static final List<String> VALUES = List.of("training", "validation", "test", NEW);

    private PartColumn() {}

    /**
     * Recognizes the column.
     *
     * @param name of a column
     * @param texts the different texts in it
     * @return whether name and texts are those of this column
     */
    public static boolean is(String name, List<String> texts) {
        return name.equals(NAME) && !texts.isEmpty() && VALUES.containsAll(texts);
    }
}
